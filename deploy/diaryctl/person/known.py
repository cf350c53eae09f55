"""What the installation knows of a person: the events about them, and everything of theirs that opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deploy.diaryctl.installation import WRITERS, Installation
from services.eventsourcing.message import Recorded
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.store import Commit
from services.eventsourcing.vault import Vault, is_sealed, sealed_class, sealed_for
from services.eventsourcing.view import Doc
from services.gateway.view_store import PROJECTOR as GATEWAY
from services.notify.recipients.recipients_store import PROJECTOR as NOTIFY

ROLES = {
    "AccountRegistered": "portal account",
    "StaffAccountOpened": "staff account",
    "PupilAdmitted": "pupil",
    "StaffAppointed": "member of staff",
    "PersonRecorded": "relative",
}
NAMES = ("last_name", "first_name", "patronymic")
CONTACTS = ("email", "login")


@dataclass(frozen=True, slots=True)
class Value:
    """Something that is readable now: the field it stands in, and the class of the key it is sealed with."""

    field: str
    of: str
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """A person: the commits about them by service, and every value that opens."""

    person: str
    commits: tuple[tuple[str, Commit], ...]
    values: frozenset[Value]
    sealed: int

    @property
    def events(self) -> list[tuple[str, Recorded]]:
        """The events about the person, each with its service; a commit may hold events about others as well."""
        return [
            (service, event)
            for service, commit in self.commits
            for event in commit.recorded()
            if _mentions(event, self.person)
        ]

    @property
    def roles(self) -> tuple[str, ...]:
        """What the person is here."""
        types = {event.type for _, event in self.events}
        return tuple(role for type, role in ROLES.items() if type in types)

    def texts(self, *fields: str) -> set[str]:
        """What stands in these fields."""
        return {value.text for value in self.values if value.field in fields}

    def counted(self) -> dict[tuple[str, str], int]:
        """How many different values there are, by class and field."""
        found: dict[tuple[str, str], int] = {}
        for value in self.values:
            found[value.of, value.field] = found.get((value.of, value.field), 0) + 1
        return dict(sorted(found.items()))


def know(place: Installation, vault: Vault, person: str) -> Known:
    """Read everything about a person. What is erased already does not open, so it is not among the values."""
    commits = tuple((service, commit) for service in WRITERS for commit in place.store(service).about(person))
    events = [event for _, commit in commits for event in commit.recorded()]
    vault.warm(events)
    values = {*_opened(vault, person, events), *_shown(place, person)}
    return Known(person, commits, frozenset(values), sum(1 for _ in _sealed(person, events)))


def unopened(vault: Vault, known: Known, classes: Iterable[str]) -> tuple[int, int]:
    """(values of these classes that still open, values that do not): after an erasure the first is 0."""
    wanted, opens, closed = set(classes), 0, 0
    for event, name in _sealed(known.person, [event for _, event in known.events]):
        if sealed_class(event.data[name]) in wanted:
            still = vault.opened(event)[name] is not None
            opens, closed = opens + still, closed + (not still)
    return opens, closed


def live(place: Installation, service: str, projector: str, view: str, ids: Iterable[str]) -> dict[str, Doc]:
    """Documents of a view's live generation."""
    store = ProjectionStore(place.db(service), projector)
    generation = store.generation(view)
    return store.load(generation.collection, list(ids)) if generation else {}


def _mentions(event: Recorded, person: str) -> bool:
    return any(person == value or (isinstance(value, list) and person in value) for value in event.data.values())


def _sealed(person: str, events: Iterable[Recorded]) -> Iterator[tuple[Recorded, str]]:
    for event in events:
        for name, value in event.data.items():
            if is_sealed(value) and sealed_for(value) == person:
                yield event, name


def _opened(vault: Vault, person: str, events: Iterable[Recorded]) -> Iterator[Value]:
    for event, name in _sealed(person, events):
        text = vault.opened(event)[name]
        if text:
            yield Value(name, sealed_class(event.data[name]) or "", text)


def _shown(place: Installation, person: str) -> Iterator[Value]:
    """What documents still show: when an erasure was interrupted after its keys went, only they know it."""
    access = live(place, "gateway", GATEWAY, "access", [person]).get(person, {})
    school = live(place, "gateway", GATEWAY, "school", [f"person:{person}", f"pupil:{person}"])
    account = live(place, "notify", NOTIFY, "accounts", [person]).get(person, {})
    for doc, of in (
        (access.get("portal", {}), "personal"),
        (account, "personal"),
        (access.get("person", {}), "record"),
        *((doc, "record") for doc in school.values()),
    ):
        for name in (*NAMES, *CONTACTS):
            if doc.get(name):
                yield Value(name, of, doc[name])
