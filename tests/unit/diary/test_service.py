"""The entrance for import, demonstration and web."""

from typing import get_args

from services.diary.service import ROUTES, Command


def test_every_command_has_a_stream_it_goes_to():
    assert set(get_args(Command)) == set(ROUTES)


def test_every_command_names_its_stream():
    fields = {command: {*command.__annotations__, *dir(command)} for command in ROUTES}
    assert all(name in fields[command] for command, (_, name) in ROUTES.items())
