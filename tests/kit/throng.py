"""People whose names and words nobody else has, so that a plain search of bytes finds them wherever they are."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from services.eventsourcing.ids import derived_id, new_id
from tests.kit.client import Client
from tests.kit.school import ZONE, Slip, slips_on
from tests.kit.small_school import HEADERS
from tests.kit.system import System
from tests.kit.waiting import eventually

LETTERS = "бвгджзклмнпрстфхц"
VOWELS = "аеиоу"
PASSWORD = "vesna-lodka-2719"


@dataclass(slots=True)
class Somebody:
    """A person and everything readable about them."""

    id: str
    last: str
    first: str
    texts: set[str] = field(default_factory=set)

    @property
    def secrets(self) -> set[str]:
        """What nobody may read after the erasure."""
        return {self.last, self.first, *self.texts}


@dataclass(slots=True)
class Throng:
    """A school of one class: pupils, a teacher who writes, a teacher to be erased, a relative. Families come later."""

    system: System
    school: str = field(default_factory=lambda: f"throng-{new_id()}")
    pupils: list[Somebody] = field(default_factory=list)
    parents: list[Somebody] = field(default_factory=list)
    staff: list[Somebody] = field(default_factory=list)
    writer: Client | None = None

    def imported(self, folder: Path, pupils: int) -> Throng:
        """Import the school; the first of the staff writes, the second is there to be erased."""
        self.pupils = [self._somebody(f"p{number}") for number in range(pupils)]
        self.staff = [self._somebody("t0"), self._somebody("t1")]
        self.staff[1].texts.add(f"{self.staff[1].last}@example.org".lower())
        self.system.diaryctl_json("import", "oneroster", str(self._write(folder / "set")))
        self.writer = self._signed_in(self.staff[0])
        return self

    def group(self) -> str:
        """The class in which lessons are written."""
        return self._id("class", "form")

    def comment(self, pupil: Somebody, number: int = 1, mark: str = "4") -> str:
        """A mark with words that are unique, as a corrected one with a unique reason, and a reason of absence."""
        words = f"слова-{new_id()}"
        assert self.writer is not None
        path = f"/journals/{self.group()}/lessons/{datetime.now(ZONE).date().isoformat()}/{number}"
        self.writer.post(path, {"entries": [{"pupil": pupil.id, "mark": mark, "comment": words}]})
        pupil.texts.add(words)
        return words

    def correct(self, pupil: Somebody, number: int = 1, mark: str = "5") -> None:
        """Another mark in the same cell, for a reason that is unique."""
        reason = f"причина-{new_id()}"
        assert self.writer is not None
        path = f"/journals/{self.group()}/lessons/{datetime.now(ZONE).date().isoformat()}/{number}"
        self.writer.post(path, {"entries": [{"pupil": pupil.id, "mark": mark, "reason": reason}]})
        pupil.texts.add(reason)

    def slips(self, *pupils: Somebody) -> dict[str, Slip]:
        """New slips by the pupils' first names."""
        assert self.writer is not None
        pdf = self.writer.post(f"/classes/{self.group()}/slips", {"pupils": [pupil.id for pupil in pupils]})
        return slips_on(pdf, {pupil.id: (pupil.first, pupil.last, "") for pupil in pupils})

    def parent(self, slip: Slip) -> tuple[Somebody, Client]:
        """A parent with an account of their own, who has linked the diary that the slip opens."""
        made = self._somebody(f"a{len(self.parents)}")
        client, login = Client(self.system), _word().lower() + "login"
        login = "".join(chr(ord("a") + ord(letter) % 26) for letter in login)
        email = f"{login}@example.org"
        form = {
            "last_name": made.last, "first_name": made.first, "email": email, "login": login, "password": PASSWORD,
            "question": "school", "answer": "17", "agreement": "1", "locale": "ru",
        }  # fmt: skip
        account = client.post("/accounts", form)["account"]
        client.post(f"/accounts/{account}/confirmation", {"code": self.system.code_for(email)})
        client.sign_in(login, PASSWORD, "portal")
        title = _word()
        client.post("/diaries", {"login": slip.login, "password": slip.password, "title": title})
        parent = Somebody(account, made.last, made.first, {login, email, title})
        self.parents.append(parent)
        return parent, client

    def _signed_in(self, person: Somebody) -> Client:
        def issued() -> list[dict[str, str]]:
            found: list[dict[str, str]] = self.system.diaryctl_json("staff", "passwords", person.id, codes=(0, 1))
            return found

        one = eventually(issued)[0]
        client, own = Client(self.system), "zima-parus-own"
        client.sign_in(one["login"], one["password"], "staff")
        client.choose_password(one["password"], own)
        return client

    def _somebody(self, key: str) -> Somebody:
        return Somebody(self._id("user", key), _word(), _word())

    def _id(self, kind: str, key: str) -> str:
        return derived_id("oneroster", self.school, kind, key)

    def _write(self, folder: Path) -> Path:
        today = datetime.now(ZONE).date()
        begins, ends = (today - timedelta(days=80)).isoformat(), (today + timedelta(days=150)).isoformat()
        folder.mkdir(parents=True)
        users = [_user(f"p{n}", "student", one, self.school, "") for n, one in enumerate(self.pupils)]
        users += [
            _user(f"t{n}", "teacher", one, self.school, min(one.texts, default="")) for n, one in enumerate(self.staff)
        ]
        seats = [("form", f"p{n}", "student", "false") for n in range(len(self.pupils))]
        seats += [("form", "t0", "teacher", "true"), ("form", "t1", "teacher", "false")]
        rows = {
            "orgs.csv": [(self.school, "", "", "Школа", "school", "9", "")],
            "academicSessions.csv": [("year", "", "", "Год", "schoolYear", begins, ends, "", today.year)],
            "courses.csv": [],
            "classes.csv": [
                ("form", "", "", "8 «А»", "08", "", "form", "homeroom", "1", self.school, "year", "", "", "")
            ],
            "users.csv": users,
            "enrollments.csv": [
                (f"seat-{n}", "", "", group, self.school, user, role, primary, begins, ends)
                for n, (group, user, role, primary) in enumerate(seats)
            ],
        }  # fmt: skip
        for name, header in HEADERS.items():
            with (folder / name).open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([f"sourcedId,status,dateLastModified,{header}".split(","), *rows[name]])
        return folder


def _user(id: str, role: str, one: Somebody, school: str, email: str) -> tuple[str, ...]:
    return (id, "", "", "true", school, role, id, "", one.first, one.last, "", "", email, "", "", "", "08", "")


def _word() -> str:
    letters = [random.choice(LETTERS) + random.choice(VOWELS) for _ in range(6)]
    return "".join(letters).capitalize()
