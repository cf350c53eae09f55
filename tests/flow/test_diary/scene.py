"""A school with the class 7A and its algebra group, and the diary's web application over real servers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from services.diary.app import create_app
from services.diary.catalog import registry
from services.diary.group.commands import FormGroup, Member
from services.diary.names import Name
from services.diary.pupil.commands import AdmitPupil
from services.diary.school.commands import OpenSchool
from services.diary.service import Command, Diary
from services.diary.staff.commands import AppointStaff
from services.eventsourcing.clock import stamp, utc_now
from services.eventsourcing.core import Core, open_core
from services.eventsourcing.decider import Committed
from services.eventsourcing.message import Meta
from services.eventsourcing.tokens import Caller, ServiceTokens
from tests.kit.world import World

PUPILS = {"masha": Name("Ковалёва", "Мария"), "lev": Name("Абрамов", "Лев"), "sonya": Name("Баранова", "Софья")}
STAFF = {"orlova": ("teacher",), "sedov": ("teacher",), "petrova": ("administrator",), "ivanov": ("teacher",)}


class Scene:
    """Orlova is the class teacher of 7A, Sedov teaches it algebra, Petrova administers, Ivanov is at another school."""

    def __init__(self, world: World) -> None:
        world.init("diary")
        settings = world.settings("diary")
        self.world = world
        self.today: date = datetime.now(ZoneInfo(settings.timezone)).date()
        self.core: Core = open_core(world.settings("diary", "worker"), registry)
        self.diary = Diary(self.core.executor)
        self.app = create_app(settings)
        self._tokens = ServiceTokens(settings.service_secret)
        self._numbers = count(1)
        self._found()

    def rewire(self) -> None:
        """A new web application: nothing in memory, and clients that report to the listeners of now."""
        self.app = create_app(self.world.settings("diary"))

    def run(self, command: Command) -> Committed:
        """Execute a command as the import does."""
        return self.diary.run(command, Meta("operator:test", f"test-{next(self._numbers)}", stamp(utc_now())))

    def post(self, path: str, body: Mapping[str, Any], account: str, kind: str = "staff", key: str = "") -> Any:
        """POST as this account."""
        return self._client.post(path, json=body, headers=self._headers(account, kind, key))

    def get(self, path: str, account: str, kind: str, query: Mapping[str, Any]) -> Any:
        """GET as this account."""
        return self._client.get(path, query_string=query, headers=self._headers(account, kind, ""))

    def delete(self, path: str, account: str, kind: str = "portal") -> Any:
        """DELETE as this account."""
        return self._client.delete(path, headers=self._headers(account, kind, ""))

    def lesson(self, body: Mapping[str, Any], account: str = "sedov", group: str = "alg7a", key: str = "") -> Any:
        """Write into today's second lesson."""
        return self.post(f"/lessons/{group}/{self.today.isoformat()}/2", body, account, key=key)

    def events(self, stream: str) -> list[tuple[str, dict[str, Any]]]:
        """What the store holds of a stream: names and data, personal fields opened."""
        commits = self.core.store.read(stream)
        return [(event.type, self.core.vault.opened(event)) for commit in commits for event in commit.recorded()]

    @property
    def _client(self) -> Any:
        return self.app.test_client()

    def _headers(self, account: str, kind: str, key: str) -> dict[str, str]:
        token = self._tokens.issue("diary", Caller(kind, account, "gateway"))
        return {"Authorization": f"Bearer {token}", **({"Idempotency-Key": key} if key else {})}

    def _found(self) -> None:
        self.run(OpenSchool("s7", "School 7", "school"))
        for person, roles in STAFF.items():
            self.run(AppointStaff(person, "s8" if person == "ivanov" else "s7", Name(person.title(), "X"), roles))
        for pupil, name in PUPILS.items():
            self.run(AdmitPupil(pupil, "s7", name, "07"))
        members = tuple(Member(pupil) for pupil in PUPILS)
        orlova, sedov = Member("orlova", primary=True), Member("sedov", primary=True)
        self.run(FormGroup("7a", "s7", "class", "7 «А»", pupils=members, teachers=(orlova,)))
        self.run(
            FormGroup("alg7a", "s7", "subject", "Algebra 7A", "Algebra", form="7a", pupils=members, teachers=(sedov,))
        )
