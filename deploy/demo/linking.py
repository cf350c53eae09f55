"""Links the diaries of the demonstration families and leaves one slip to try the linking with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from deploy.demo.accounts import PortalAccount
from deploy.demo.registering import ACTOR, account_of
from deploy.demo.school import SOURCE, DemoSchool, Pupil, id_of
from services.diary.diary.commands import LinkDiary, OpenDiary
from services.diary.service import Command, Diary
from services.diary.slip.issuing import Issued, Issuing
from services.eventsourcing.clock import stamp
from services.eventsourcing.ids import derived_id, new_id
from services.eventsourcing.message import Meta

_SLIP_FORM: Final = "a"


def open_diaries(school: DemoSchool, diary: Diary, at: str) -> None:
    """A diary for every pupil, without waiting for the policy that opens them."""
    for pupil in school.pupils:
        _run(diary, OpenDiary(id_of("user", pupil.key), id_of("org", SOURCE)), ("open", pupil.key), at)


def link_families(accounts: Iterable[PortalAccount], diary: Diary, at: str) -> None:
    """Show each account its diaries."""
    for one in accounts:
        account = account_of(one.login)
        for link in one.links:
            about = ("link", one.login, link.pupil)
            command = LinkDiary(link.pupil, account, derived_id("demo", *about), link.title)
            _run(diary, command, about, at)


def slip_to_try(school: DemoSchool, issuing: Issuing, now: datetime) -> tuple[Pupil, Issued]:
    """A fresh slip of a pupil whom nobody has linked yet; an earlier one is void."""
    shown = {child.key for family in school.families for child in family.children}
    pupil = next(one for one in school.pupils if one.form == _SLIP_FORM and one.key not in shown)
    meta = Meta(ACTOR, new_id(), stamp(now))
    (issued,) = issuing.issue(id_of("org", SOURCE), [id_of("user", pupil.key)], meta)
    return pupil, issued


def _run(diary: Diary, command: Command, about: tuple[str, ...], at: str) -> None:
    diary.run(command, Meta(ACTOR, derived_id("demo", *about), at))
