"""Filling the toy's log anew in a process of its own, which a crash point may end."""

from __future__ import annotations

from services.eventsourcing.settings import Settings
from tests.flow.test_core_reseed import reseed_of
from tests.kit.stage import Stage

if __name__ == "__main__":
    reseed_of(Stage(Settings.from_env("diary"))).run()
