"""diaryctl on a world: what an operator types, and what it answers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from deploy.diaryctl.cli import main
from deploy.diaryctl.installation import Installation, open_installation
from tests.kit.world import World


class Operator:
    """Types commands of diaryctl for the databases and topics of a world, for as long as the patch lasts."""

    def __init__(self, world: World, patch: pytest.MonkeyPatch) -> None:
        for name, value in world.environment(world.settings("diary", "worker")).items():
            if name.startswith("SD_") and name != "SD_DATABASE":
                patch.setenv(name, value)
        patch.setenv("SD_MONGO_URL", world.servers.admin_url)
        names, settings = world.databases.names, Installation.settings
        patch.setattr(
            Installation, "settings", lambda place, service: replace(settings(place, service), database=names[service])
        )
        patch.setattr(Installation, "db", lambda place, service: place.client[names[service]])
        self.place = open_installation()
        world.on_end(self.place.client.close)

    def types(self, *arguments: str, answer: str = "") -> Result:
        """Whatever comes of it; `answer` is what is typed when the command asks."""
        return CliRunner().invoke(main, arguments, input=answer)

    def reads(self, *arguments: str) -> Any:
        """The JSON of a command that succeeds."""
        done = self.types(*arguments, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)
