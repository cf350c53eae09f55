"""The year of a town as commands in the order of time, each with who asks and when."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from deploy.demo.accounts import PortalAccount, portal_accounts, staff_logins
from deploy.demo.commands import command_of as journal_command
from deploy.demo.commands import rosters
from deploy.demo.entering import contacts_of
from deploy.demo.items import LessonItem
from deploy.demo.journal import ZONE, journal
from deploy.demo.registering import account_of, code_of, registration
from deploy.demo.roster import write_zip
from deploy.demo.school import DemoSchool
from services.diary.diary.commands import IssueSlip, LinkDiary, OpenDiary
from services.diary.importing.oneroster.prepare import prepare
from services.diary.importing.translate import command_of as roster_command
from services.diary.policies import opening
from services.diary.service import ROUTES
from services.eventsourcing.clock import stamp
from services.eventsourcing.decider import Decider
from services.eventsourcing.ids import derived_id
from services.eventsourcing.message import Meta
from services.eventsourcing.store import Claims, Reservation
from services.identity.account.commands import Confirm, OpenStaffAccount
from services.identity.account.decider import ACCOUNT
from services.identity.naming import Index
from services.identity.owner_store import EMAIL, LOGIN, STAFF_LOGIN

ACTOR: Final = "operator:simulate"
KEY: Final = "simulated-"  # every command of a simulation begins so, and no other
_OPENS: Final = time(5)
_SLIPS: Final = timedelta(days=1, hours=9)
_DAYS_TO_REGISTER: Final = 24


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a service: for which stream, who asks, when."""

    service: str
    at: datetime
    command: Any
    key: str
    actor: str = ACTOR
    causation: str = ""
    claims: Claims = field(default_factory=Claims)

    @property
    def target(self) -> tuple[Decider[Any, Any], str]:
        """The decider and the id of the stream."""
        if self.service == "identity":
            return ACCOUNT, self.command.account
        decider, name = ROUTES[type(self.command)]
        return decider, getattr(self.command, name)

    @property
    def meta(self) -> Meta:
        """What the commit says besides its events."""
        return Meta(self.actor, KEY + self.key, stamp(self.at), KEY + self.key, self.causation)


def opening_steps(school: DemoSchool, index: Index) -> Iterator[Step]:
    """Everything that is there when the school year begins."""
    at = datetime.combine(school.year.begins, _OPENS, ZONE)
    for number, command in enumerate(_roster(school)):
        yield Step("diary", at, command, _roster_key(school, number))
    for pupil in school.pupils:
        id = school.id_of("user", pupil.key)
        opened = OpenDiary(id, school.org)
        yield Step("diary", at, opened, f"{id}/open", f"system:{opening.NAME}", f"pupil-{id}@1")
    for one in staff_logins(school):
        claim = Claims(take=[Reservation(STAFF_LOGIN, index.staff(one.login))])
        account = OpenStaffAccount(one.person, school.org, one.login)
        yield Step("identity", at, account, f"{one.person}/account", claims=claim)


def first_key(school: DemoSchool) -> str:
    """The command id that stands in the diary's store as soon as anything of the school does."""
    return KEY + _roster_key(school, 0)


def steps(school: DemoSchool, index: Index) -> Iterator[Step]:
    """What happens from then on: timetables, families, every saved lesson."""
    told = heapq.merge(_journal(school), sorted(_families(school, index), key=_when), key=_when)
    yield from (step for step in told if step.at.date() <= school.today)


def _when(step: Step) -> datetime:
    return step.at


def _roster_key(school: DemoSchool, number: int) -> str:
    return f"{school.parallel.source}/{school.parallel.grade}/roster/{number}"


def _roster(school: DemoSchool) -> Iterator[Any]:
    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare(write_zip(school, Path(folder) / "set.zip"), school.today, school.parallel.source)
    for stage in prepared.plan.stages():
        yield from map(roster_command, stage)
    yield contacts_of(school)


def _journal(school: DemoSchool) -> Iterator[Step]:
    begun, pupils = datetime.combine(school.year.begins, _OPENS, ZONE), rosters(school)
    ended = datetime.combine(school.today, time.max, ZONE)
    source = f"{school.parallel.source}/{school.parallel.grade}"
    for number, item in enumerate(journal(school)):
        command = journal_command(item, pupils, ended)
        if isinstance(item, LessonItem):
            key = f"{item.group}.{item.date.isoformat()}.{item.number}/{item.part}"
            yield Step("diary", item.at, command, key, f"staff:{item.teacher}")
        else:
            yield Step("diary", begun, command, f"{source}/journal/{number}")


def _families(school: DemoSchool, index: Index) -> Iterator[Step]:
    """Slips for everybody on the second day; then parents come, some soon and some late."""
    begun = datetime.combine(school.year.begins, time(), ZONE)
    teachers = {post.post.form: school.id_of("user", post.key) for post in school.staff.values() if post.post.form}
    for pupil in school.pupils:
        id = school.id_of("user", pupil.key)
        slip = IssueSlip(id, school.org, derived_id("simulated", id, "slip"))
        yield Step("diary", begun + _SLIPS, slip, f"{id}/slip", f"staff:{teachers[pupil.form]}")
    for one in portal_accounts(school):
        rng = school.rng("registers", one.login)
        days = min(2 + int(rng.expovariate(0.25)), _DAYS_TO_REGISTER)
        yield from _registers(
            one, begun + timedelta(days=days, seconds=rng.randint(16 * 3600, 22 * 3600)), school, index
        )


def _registers(one: PortalAccount, at: datetime, school: DemoSchool, index: Index) -> Iterator[Step]:
    account, actor = account_of(one.login), f"portal:{account_of(one.login)}"
    confirmed, linked = at + timedelta(minutes=2), at + timedelta(minutes=5)
    login = Claims(take=[Reservation(LOGIN, index.login(one.login))])
    address = Claims(take=[Reservation(EMAIL, index.address(one.email))])
    yield Step("identity", at, registration(one, at, school.lang), f"{account}/register", actor, claims=login)
    confirm = Confirm(account, code_of(one.login), stamp(confirmed))
    yield Step("identity", confirmed, confirm, f"{account}/confirm", actor, claims=address)
    for link in one.links:
        command = LinkDiary(link.pupil, account, derived_id("simulated", account, link.pupil), link.title)
        yield Step("diary", linked, command, f"{account}/{link.pupil}", actor)
