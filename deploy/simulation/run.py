"""Writes the year of a town: the library call behind `diaryctl simulate`, for trials and for benchmarks."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import msgspec

from deploy.demo.accounts import portal_accounts
from deploy.demo.registering import account_of
from deploy.demo.school import DemoSchool
from deploy.simulation.bulk_store import BulkStore
from deploy.simulation.steps import Step, first_key, opening_steps, steps
from deploy.simulation.town import Town
from services.diary.catalog import registry as diary_registry
from services.eventsourcing.decider import Committed, Executor
from services.eventsourcing.mongo import Db
from services.eventsourcing.store import EventStore
from services.eventsourcing.store_mongo import COMMITS
from services.eventsourcing.vault import Vault
from services.identity.catalog import registry as identity_registry
from services.identity.naming import Index

REGISTRIES: Final = {"identity": identity_registry, "diary": diary_registry}
TELL_EVENTS: Final = 5_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was written. digest: over all events in clear, equal for equal towns wherever they are written."""

    schools: int
    pupils: int
    commits: int
    events: int
    digest: str


def is_here(town: Town, diary: Db) -> bool:
    """Is any grade of the town in the diary's store, whole or in part? Its first commit would be there."""
    first = [first_key(parallel) for parallel in town.parallels()]
    return diary[COMMITS].find_one({"command": {"$in": first}}, {"_id": 1}) is not None


def simulate(
    town: Town, databases: Mapping[str, Db], vault: Vault, master_key: bytes, progress: Progress = lambda *_: None
) -> Simulated:
    """Write the year into the stores of `databases` (identity and diary) as commits that wait for their relays.

    The stores were initialised before. Raises BulkWriteError when the same town is there already.
    """
    stores = {service: BulkStore(databases[service]) for service in REGISTRIES}
    done = carry_out(town, stores, vault, master_key, progress)
    for store in stores.values():
        store.flush()
    return done


def carry_out(
    town: Town, stores: Mapping[str, EventStore], vault: Vault, master_key: bytes, progress: Progress
) -> Simulated:
    """Run every command of the year, in the order of time, on these stores."""
    parallels = list(town.parallels())
    executors = {service: Executor(stores[service], registry, vault) for service, registry in REGISTRIES.items()}
    digest, commits, events = hashlib.sha256(), 0, 0
    vault.prepare(chain.from_iterable(map(_owners, parallels)))
    for step in _in_time(parallels, Index(master_key)):
        decider, id = step.target
        done = executors[step.service].execute(decider, id, step.command, step.meta, claims=step.claims)
        digest.update(_text(done))
        commits += bool(done.events)
        if events // TELL_EVENTS != (events := events + len(done.events)) // TELL_EVENTS:
            progress(events, max(events, town.expected))
    progress(events, events)
    return Simulated(town.schools, sum(len(one.pupils) for one in parallels), commits, events, digest.hexdigest())


def _in_time(parallels: Sequence[DemoSchool], index: Index) -> Iterator[Step]:
    for one in parallels:
        yield from opening_steps(one, index)
    yield from heapq.merge(*(steps(one, index) for one in parallels), key=lambda step: step.at)


def _owners(school: DemoSchool) -> Iterator[tuple[str, str]]:
    """Everybody whose values will be sealed, with the kind of their key."""
    for key in (*(one.key for one in school.staff.values()), *(pupil.key for pupil in school.pupils)):
        yield school.id_of("user", key), "record"
        yield school.id_of("user", key), "personal"
    for parent in chain.from_iterable(family.parents for family in school.families):
        yield school.id_of("user", parent.key), "personal"
    for account in portal_accounts(school):
        yield account_of(account.login), "personal"


def _text(done: Committed) -> bytes:
    return f"{done.stream}@{done.version}".encode() + b"".join(map(msgspec.json.encode, done.events))
