"""The whole system as `make up` starts it, for tests that live through it as a person would."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import requests
from pymongo import MongoClient

from deploy.local import state
from deploy.local.home import REPOSITORY, Home
from deploy.local.ports import Ports
from deploy.local.secrets import Secrets
from deploy.local.servers import free_ports
from tests.kit.waiting import eventually

NAMES = tuple(field.name.upper() for field in fields(Ports))
SECONDS = (2, 20)


class System:
    """Every process of School Diary on free ports in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        ports = dict(zip(NAMES, free_ports(len(NAMES)), strict=True))
        self.ports = ports
        self.home = Home(directory)
        self.portal = f"http://127.0.0.1:{ports['GATEWAY']}"
        self.outbox = f"http://127.0.0.1:{ports['OUTBOX']}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("SD_", "SCHOOLDIARY_"))},
            **{f"SCHOOLDIARY_{name}_PORT": str(port) for name, port in ports.items()},
            "SCHOOLDIARY_HOME": str(directory),
            "SCHOOLDIARY_DEMO": "0",
        }

    def up(self) -> None:
        """Start and wait until everything is ready."""
        self._run("deploy.local", "up")

    def down(self) -> None:
        """Stop in order."""
        self._run("deploy.local", "down")

    def diaryctl(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        """What `./diaryctl ...` prints."""
        return self._run("deploy.diaryctl", *arguments, codes=codes)

    def diaryctl_json(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> Any:
        """What `./diaryctl ... --json` prints, read."""
        return json.loads(self.diaryctl(*arguments, "--json", codes=codes))

    def process(self, name: str) -> state.Process:
        """The process that has this name now."""
        current = state.read(self.home)
        assert current is not None
        return next(child for child in current.children if child.name == name)

    def kill(self, name: str) -> None:
        """kill -9, then wait until the supervisor has started it again."""
        victim = self.process(name)
        found = victim.find()
        assert found is not None
        found.kill()
        eventually(lambda: self.process(name).pid != victim.pid)

    def grades_posted(self, group: str) -> dict[str, int]:
        """For each lesson of a group, how many GradePosted its stream holds in the store."""
        secrets = Secrets(self.home.secrets)
        url = f"mongodb://ops:{secrets.password('ops')}@127.0.0.1:{self.ports['MONGO']}/?authSource=admin"
        with MongoClient[dict[str, Any]](url, directConnection=True) as client:
            found = client["sd_diary"]["commits"].aggregate(
                [
                    {"$match": {"_id": {"$gte": {"s": f"lesson-{group}."}, "$lt": {"s": f"lesson-{group}/"}}}},
                    {"$unwind": "$events"},
                    {"$match": {"events.type": "GradePosted"}},
                    {"$group": {"_id": {"s": "$_id.s", "pupil": "$events.data.pupil"}, "count": {"$sum": 1}}},
                ]
            )
            return {str(one["_id"]): one["count"] for one in found}

    def mails(self, to: str) -> list[dict[str, str]]:
        """The mails an address got, newest first."""
        found: list[dict[str, str]] = requests.get(f"{self.outbox}/api/messages", timeout=SECONDS).json()
        return [mail for mail in found if to in mail["to"]]

    def code_for(self, address: str) -> str:
        """The newest confirmation code an address got by mail."""

        def code() -> str | None:
            for mail in self.mails(address):
                found = re.search(r"\b(\d{6})\b", mail["text"])
                if found:
                    return found.group(1)
            return None

        return str(eventually(code))

    def _run(self, module: str, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in codes, (
            f"{module} {arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
        return done.stdout


@contextmanager
def running_system(directory: Path) -> Iterator[System]:
    """A system that ends with the block."""
    system = System(directory)
    system.up()
    try:
        yield system
    finally:
        system.down()
