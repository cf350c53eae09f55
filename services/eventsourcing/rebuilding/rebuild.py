"""Rebuild: new generations of views folded from the whole log, compared with the old ones, switched by one write."""

from __future__ import annotations

import getpass
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import Protocol

from services.eventsourcing import crash
from services.eventsourcing.checkpoint_store import Checkpoint
from services.eventsourcing.generation_store import Earlier
from services.eventsourcing.lease import RENEW_SECONDS
from services.eventsourcing.log import Log, Place
from services.eventsourcing.packing import Unstorable, unpack
from services.eventsourcing.projection_store import Differs, Fenced, Moment, ProjectionStore
from services.eventsourcing.rebuilding.build import Build
from services.eventsourcing.rebuilding.held import CannotFold
from services.eventsourcing.rebuilding.slot import Slot, Tell
from services.eventsourcing.vault import Broken, Vault
from services.eventsourcing.view import Doc, View, digest, total_of

log = logging.getLogger(__name__)

SWITCH_ATTEMPTS = 50
ERASURE_SECONDS = 2.0
TELL_SECONDS = 0.25  # nobody looks more often, and telling is a write of the database
WORTH_A_CREW = 50_000  # records; fewer are folded here sooner than processes start
MOST_IN_SWITCH = 1_000  # documents that the switching transaction writes
FAILED = (CannotFold, Broken, Unstorable)  # going on would fail at the same place

Progress = Callable[[int, int], None]  # records read, records in all


class Crew(Protocol):
    """Processes that fold the bulk of the log together."""

    def __call__(self, build: Build, target: Mapping[Place, int], tell: Tell) -> None:
        """Fold and write everything before these offsets. Raises what a slot raises, and CrewLost."""
        ...


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did. `equal` is None when the view's version is new, so that there is nothing to compare with.

    events: let through from the log. unreadable: records that are no events, which the projector has set aside as well.
    switched: False when that was left for later. digest: of the new documents, "" when nothing was compared.
    """

    view: str
    collection: str
    events: int
    documents: int
    digest: str
    equal: bool | None
    unreadable: int = 0
    switched: bool = True


class Rebuild:
    """Builds views anew while readers and the projector go on with the old generations.

    An event that cannot be folded ends it with an error: it never reports success over a hole. What is killed goes on
    where it was when it is started again; the old generations are not touched before the switch.
    """

    def __init__(
        self,
        store: ProjectionStore,
        event_log: Log,
        views: Sequence[View],
        vault: Vault,
        progress: Progress = lambda done, total: None,
        crew: Crew | None = None,
    ) -> None:
        self._store = store
        self._log = event_log
        self._views = sorted(views, key=lambda view: view.name)
        self._vault = vault
        self._progress = progress
        self._crew = crew
        self._done = self._total = 0
        self._told = float("-inf")

    def run(self, *, force: bool = False, switch: bool = True) -> list[Rebuilt]:
        """Build, catch up, compare, switch. Raises Differs (unless forced), Busy, Unfinished and what a slot raises."""
        return self._run(None, force, switch)

    def roll_back(self) -> list[Rebuilt]:
        """Make the generation before the live one live again, after it has caught up. One view. Raises LookupError."""
        (view,) = self._views
        earlier = self._store.generations.earlier(view.name)
        if earlier is None:
            raise LookupError(f"{view.name} has no earlier generation.")
        if earlier.generation.version != view.version:
            raise LookupError(
                f"The earlier generation of {view.name} is of version {earlier.generation.version}, this code folds "
                f"version {view.version}: install the release that folds it, then roll back."
            )
        if any(earlier.topic_ids.get(place.topic) != at.topic_id for place, at in self._store.positions().items()):
            raise LookupError(f"The log was made anew since {earlier.generation.collection} was live: rebuild instead.")
        return self._run(earlier, True, True)

    def _run(self, onto: Earlier | None, force: bool, switch: bool) -> list[Rebuilt]:
        positions = self._store.positions()
        topic_ids = {place.topic: checkpoint.topic_id for place, checkpoint in positions.items()}
        builds = self._store.builds
        build = builds.claim(self._views, topic_ids, operator(), onto)
        try:
            with self._kept(build):
                builds.open_readings(build, list(positions))
                self._bulk(build, positions)
                found = self._finish(build, positions, force, switch)
        except FAILED as error:
            builds.release(build, "failed", str(error))
            raise
        except BaseException:
            builds.release(build, "building")
            raise
        if switch:
            crash.point("rebuild.after-switch")
            builds.clear()
        builds.release(build, "built")
        return found

    def _bulk(self, build: Build, positions: Mapping[Place, Checkpoint]) -> None:
        target = _offsets(positions)
        readings = self._store.builds.readings()
        self._done = sum(readings[place].next for place in target if place in readings)
        self._total = sum(target.values())
        self._progress(self._done, self._total)
        if self._crew and self._total - self._done > WORTH_A_CREW:
            self._crew(build, target, partial(self._tell, build))

    def _finish(self, build: Build, positions: Mapping[Place, Checkpoint], force: bool, switch: bool) -> list[Rebuilt]:
        slot = Slot(self._store.builds, build, self._log, list(positions), self._views, self._vault)
        try:
            slot.read_to(_offsets(positions), partial(self._tell, build))
            slot.write()
            self._store.builds.index(build, self._views)
            crash.point("rebuild.built")
            proofs = self._proven(slot, build, force)
            slot.held.watch()
            if switch:
                self._switch(slot, build, {} if force else proofs)
            return [self._rebuilt(slot, build, view, proofs, switch) for view in self._views]
        finally:
            slot.close()

    def _tell(self, build: Build, records: int) -> None:
        self._done += records
        self._total = max(self._total, self._done)
        self._progress(self._done, self._total)
        if self._done == self._total or time.monotonic() - self._told > TELL_SECONDS:
            self._told = time.monotonic()
            self._store.builds.tell(build, self._done, self._total)

    def _proven(self, slot: Slot, build: Build, force: bool) -> dict[str, _Proof]:
        """Old and new documents compared. While somebody is being erased the live ones may follow in a moment."""
        for _ in range(SWITCH_ATTEMPTS):
            try:
                return self._compared(slot, build, force)
            except Differs:
                if self._vault.settled():
                    raise
            time.sleep(ERASURE_SECONDS)
        raise Differs("persons are being erased all the time: start the rebuild again")

    def _compared(self, slot: Slot, build: Build, force: bool) -> dict[str, _Proof]:
        """The digests of old and new documents as of one moment, of every view whose version is unchanged."""
        live = {view.name: self._store.generation(view.name) for view in self._views}
        versions = {name: one.version for name, one in build.generations.items()}
        old = {name: one.collection for name, one in live.items() if one and one.version == versions[name]}
        if not old:
            return {}
        with self._store.at_once() as moment:
            before = {name: digest(moment.documents(collection)) for name, collection in old.items()}
            slot.read_to(_offsets(moment.positions))
            slot.write()
            proofs = {}
            for name, collection in old.items():
                built = build.generations[name].collection
                proofs[name] = _Proof(collection, built, before[name], digest(self._store.documents(built)))
                if not proofs[name].equal and not force:
                    self._store.builds.renew(build)  # a successor of ours may have switched: no difference then
                    raise Differs(self._difference(name, proofs[name], moment))
        return proofs

    def _difference(self, name: str, proof: _Proof, moment: Moment) -> str:
        pairs = first_difference(moment.documents(proof.live), self._store.documents(proof.built))
        where = f", first in {pairs}" if pairs else ""
        return f"{name}: {proof.built} ({proof.after}) is not equal to the live documents ({proof.before}){where}"

    def _switch(self, slot: Slot, build: Build, proofs: Mapping[str, _Proof]) -> None:
        """Fold up to where the projector stands, then switch if it still stands there; otherwise the same again."""
        for _ in range(SWITCH_ATTEMPTS):
            target = self._store.positions()
            slot.read_to(_offsets(target))
            docs = {name: {key: unpack(one) for key, one in own.items()} for name, own in slot.held.changed().items()}
            if sum(map(len, docs.values())) > MOST_IN_SWITCH:
                slot.write()
                continue
            same = {proof.live: slot.held.touched(proof.built) for proof in proofs.values()}
            crash.point("rebuild.before-switch")
            try:
                self._store.switch(build, target, docs, same)
            except Fenced:
                self._store.builds.renew(build)  # raises when it was not the projector but a successor of ours
                continue
            except Differs:
                if self._vault.settled():
                    raise
                time.sleep(ERASURE_SECONDS)
                continue
            log.info("%s live now: %d events", [one.collection for one in build.generations.values()], slot.events)
            return
        raise Fenced(f"the projector was faster than the rebuild {SWITCH_ATTEMPTS} times")

    def _rebuilt(self, slot: Slot, build: Build, view: View, proofs: Mapping[str, _Proof], switched: bool) -> Rebuilt:
        built, proof = build.generations[view.name], proofs.get(view.name)
        fresh = total_of(proof.after, slot.held.drift(built.collection)) if proof else ""
        documents = self._store.count(built.collection)
        equal = proof.equal if proof else None
        return Rebuilt(view.name, built.collection, slot.events, documents, fresh, equal, slot.unreadable, switched)

    @contextmanager
    def _kept(self, build: Build) -> Iterator[None]:
        """The claim is renewed while the block runs. If it is lost nevertheless, the next write is refused."""
        ended = threading.Event()

        def keep() -> None:
            while not ended.wait(RENEW_SECONDS):
                try:
                    self._store.builds.renew(build)
                except Exception as error:
                    log.warning("the claim of the rebuild is not renewed: %s", error)

        thread = threading.Thread(target=keep, name="claim", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


@dataclass(frozen=True, slots=True)
class _Proof:
    """The digests of a live generation and of a built one at the same moment."""

    live: str
    built: str
    before: str
    after: str

    @property
    def equal(self) -> bool:
        """Are the documents the same?"""
        return self.before == self.after


def first_difference(live: Iterator[tuple[str, Doc]], built: Iterator[tuple[str, Doc]]) -> str:
    """The id of the first document that is not the same in two sequences sorted by id; "" when there is none."""
    for mine, other in zip_longest(live, built):
        if mine is None or other is None or mine != other:
            return min(one[0] for one in (mine, other) if one is not None)
    return ""


def operator() -> str:
    """Who rebuilds: as `anna@host (pid 4711)`."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number without a name
        name = str(os.getuid())
    return f"{name}@{socket.gethostname()} (pid {os.getpid()})"


def _offsets(positions: Mapping[Place, Checkpoint]) -> dict[Place, int]:
    return {place: checkpoint.next for place, checkpoint in positions.items()}
