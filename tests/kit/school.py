"""The small school inside a running system, and what its people hold in their hands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pypdf import PdfReader

from services.eventsourcing.ids import derived_id
from tests.kit import small_school
from tests.kit.client import Client
from tests.kit.system import System
from tests.kit.waiting import eventually

ZONE = ZoneInfo("Europe/Moscow")


@dataclass(frozen=True, slots=True)
class Slip:
    """What a pupil's slip says."""

    login: str
    password: str


@dataclass(frozen=True, slots=True)
class School:
    """Ids of the school's people and groups are found by their sourcedIds."""

    system: System
    report: dict[str, Any]
    staff: dict[str, dict[str, str]]
    own: dict[str, str] = field(default_factory=dict)

    @classmethod
    def imported(cls, system: System, folder: Path) -> School:
        """Import the roster and the timetable, give the staff their first passwords."""
        today = datetime.now(ZONE).date()
        report = system.diaryctl_json("import", "oneroster", str(small_school.write(folder / "set", today)))
        timetable = small_school.write_timetable(folder / "timetable.csv", today)
        system.diaryctl("import", "timetable", str(timetable), "--source", small_school.SCHOOL)
        people = {identity("user", key): key for key in small_school.STAFF}
        issued = eventually(lambda: _all_issued(system, people))
        return cls(system, report, {people[one["person"]]: one for one in issued})

    def teacher(self, key: str) -> Client:
        """A member of staff at the staff door, with a password of their own."""
        own = f"zima-parus-{key}"
        client, issued = Client(self.system), self.staff[key]
        if key in self.own:
            client.sign_in(issued["login"], self.own[key], "staff")
            return client
        assert client.sign_in(issued["login"], issued["password"], "staff")["must_change"]
        client.choose_password(issued["password"], own)
        self.own[key] = own
        return client

    def slips(self, form: str, teacher: Client, *pupils: str) -> dict[str, Slip]:
        """New slips of a class, by the pupil's given name."""
        ids = [identity("user", pupil) for pupil in pupils]
        return slips_on(teacher.post(f"/classes/{identity('class', f'form-{form}')}/slips", {"pupils": ids}))


def identity(kind: str, sourced_id: str) -> str:
    """The id an import gives: derived from the set and the sourcedId."""
    return derived_id("oneroster", small_school.SCHOOL, kind, sourced_id)


def slips_on(pdf: bytes, pupils: Mapping[str, tuple[str, str, str]] = small_school.PUPILS) -> dict[str, Slip]:
    """The pupils' slips on the printed pages, by the pupil's given name."""
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    found: dict[str, Slip] = {}
    for first, last, _ in pupils.values():
        near = re.search(rf"{last}\s+{first}[\s\S]*?{SECRETS}", text)
        if near:
            found[first] = Slip(near.group(1), near.group(2))
    return found


SECRETS = r"([A-Z2-9]{4}-[A-Z2-9]{4})[\s\S]*?([A-Z2-9]{4}-[A-Z2-9]{4}(?:-?[A-Z2-9]{1,4})?)"


def _all_issued(system: System, people: dict[str, str]) -> list[dict[str, str]]:
    # The accounts open by themselves a moment after the import.
    issued: list[dict[str, str]] = system.diaryctl_json("staff", "passwords", *people)
    return issued if len(issued) == len(people) else []
