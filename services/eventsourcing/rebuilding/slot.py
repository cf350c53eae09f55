"""One of the processes that build generations: it reads its partitions and folds its shards of the documents.

A document may be touched from any partition, but one slot alone changes it: who reads an event that touches documents
of another slot sends it there. The order between streams does not matter (ADR 8); inside a stream it is kept, because
one slot reads a stream and sends in order. Slots go in rounds: read, fold, send, receive what others sent a round
before, fold it. All of them write after the same round, shards first, readings when every slot has written its shards:
so a reading is never ahead of a document.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

import msgspec

from services.eventsourcing import crash
from services.eventsourcing.checkpoint_store import Fenced
from services.eventsourcing.folding import Plan, planner
from services.eventsourcing.log import Log, LogRecord, LogUnavailable, Place
from services.eventsourcing.message import Recorded, for_folding, to_wire
from services.eventsourcing.rebuilding.build import SHARDS, Build, Builds, home_of
from services.eventsourcing.rebuilding.exchange import Alone, Parcel, Peers, Sent
from services.eventsourcing.rebuilding.held import CannotFold, Change, Held
from services.eventsourcing.rebuilding.intake import Admitted, Intake
from services.eventsourcing.sharing import shared_out
from services.eventsourcing.vault import Vault, holds_sealed
from services.eventsourcing.view import View, takes_sealed

BATCH = 8_000  # records in a round
PIECE = 64  # events that are folded before the next ones are decoded: so many are in the processor's cache meanwhile
AHEAD = 1  # rounds: so far a slot goes on without those who are slower at the moment
SILENCE_SECONDS = 30.0  # the log owes records and none came: it is away, and an operator wants to know
KEPT_KEYS = 200_000

Tell = Callable[[int], None]  # records read since the last call
One = TypeVar("One")


class Slot:
    """Folds the log into the generations of a build. Made anew, by whomever, it goes on where the last one wrote."""

    def __init__(
        self,
        builds: Builds,
        build: Build,
        event_log: Log,
        places: Sequence[Place],
        views: Sequence[View],
        vault: Vault,
        peers: Peers | None = None,
        sizes: Mapping[Place, int] = MappingProxyType({}),
    ) -> None:
        """`sizes` of the partitions, the same for all slots of a build, tell how they share the work."""
        self._builds = builds
        self._build = build
        self._vault = vault
        self._peers = peers or Alone()
        self._places = sorted(places)
        self._number_of = {place: number for number, place in enumerate(self._places)}
        self._wanted: dict[str, list[_Folding]] = {}
        for number, view in enumerate(views):
            folding = _Folding(number, view, build.generations[view.name].collection)
            for name in view.types:
                self._wanted.setdefault(name, []).append(folding)
        self._shard: Callable[[str], int] = lru_cache(KEPT_KEYS)(lambda key: event_log.spread(home_of(key)) % SHARDS)
        self._owners = owners_of_shards(self._places, sizes, self._peers.count)
        own = [place for place in self._places if self._owns(place.partition % SHARDS)]
        self._at = {number: dict(at) for number, at in builds.shards().items() if self._owns(number)}
        if len(self._at) < sum(map(self._owns, range(SHARDS))):
            raise Fenced("the rebuild was taken over and has ended")
        self._intake = Intake(builds, event_log, own, self._wanted)
        self._upto = {place: found.next for place, found in builds.readings().items()}
        # A kill may have come between shards and readings: then some documents have events that are read again.
        self._ahead = any(at.get(place, 0) > self._upto.get(place, 0) for at in self._at.values() for place in places)
        self._unheard = deque[_Standing]()  # of our rounds whose parcels of others have not been received yet
        self.held = Held(builds, complete=not any(any(at.values()) for at in self._at.values()))

    @property
    def events(self) -> int:
        """How many events of its partitions were let through since the build was begun."""
        return self._intake.events

    @property
    def unreadable(self) -> int:
        """How many records of its partitions are no events."""
        return self._intake.unreadable

    def close(self) -> None:
        """Free the connection to the log."""
        self._intake.close()

    def read_to(self, target: Mapping[Place, int], tell: Tell = lambda records: None) -> None:
        """Fold everything before these offsets; what is in memory in the end is written by `write`.

        Raises CannotFold, Unreadable, Broken, Fenced, Unstorable, LogUnavailable, OffsetLost.
        """
        self._intake.limit(target)
        heard = time.monotonic()
        going = True
        while going:
            records = self._intake.read(BATCH)
            heard = time.monotonic() if records or self._intake.done else heard
            if time.monotonic() - heard > SILENCE_SECONDS:
                raise LogUnavailable("the log does not give what the views were folded from")
            going = self._round(records)
            tell(len(records))
        self._intake.rewind()

    def write(self) -> None:
        """Write what is in memory. Every slot does it after the same round."""
        crash.point("rebuild.before-shards")
        by_shard: dict[int, dict[str, dict[str, bytes]]] = {number: {} for number in self._at}
        for collection, docs in self.held.changed().items():
            for key, doc in docs.items():
                by_shard[self._shard(key)].setdefault(collection, {})[key] = doc
        for number, at in self._at.items():
            self._at[number] = {place: max(at.get(place, 0), offset) for place, offset in self._upto.items()}
        idle = {number: self._at[number] for number, docs in by_shard.items() if not docs}
        self._builds.move_shards(self._build, idle)
        for number, changed in by_shard.items():
            if changed:
                self._builds.put_shard(self._build, number, self._at[number], changed, self.held.new)
                crash.point("rebuild.after-shard")
        self.held.written()
        self._peers.send(self._parcels())
        self._peers.receive()  # when it returns, every slot has come as far as this
        for read in self._intake.reads():
            self._builds.put_reading(self._build, read)
            crash.point("rebuild.after-reading")
        self._intake.written()
        self._ahead = any(at[place] > offset for at in self._at.values() for place, offset in self._upto.items())

    def _round(self, records: Sequence[LogRecord]) -> bool:
        """Fold, send, hear the others, write if anybody had much in memory. Is there more to do for anybody?"""
        parcels = self._parcels()
        for piece in self._pieces(records):
            self.held.apply(self._routed(self._intake.admit(piece), parcels))
        self._upto.update(self._intake.upto)
        standing = _Standing(self.held.full or self._intake.full, self._intake.done)
        upto = [(self._number_of[place], offset) for place, offset in self._intake.upto.items()]
        for parcel in parcels.values():
            parcel.upto, parcel.full, parcel.done = upto, standing.full, standing.done
        self._peers.send(parcels)
        self._unheard.append(standing)
        if len(self._unheard) <= AHEAD:
            return True
        all_of_us = self._hear()
        if all_of_us.full or all_of_us.done:
            while self._unheard:
                self._hear()
        if all_of_us.full:
            self.write()
        return not all_of_us.done

    def _hear(self) -> _Standing:
        """Fold what the others sent in the earliest round that is unheard; how all slots stood at its end."""
        own, came = self._unheard.popleft(), self._peers.receive()
        for parcel in came:
            for sent in self._pieces(parcel.events()):
                self.held.apply(self._unpacked(sent))
            self._upto.update({self._places[number]: offset for number, offset in parcel.upto})
        full = own.full or any(parcel.full for parcel in came)
        return _Standing(full, own.done and all(parcel.done for parcel in came))

    def _pieces(self, events: Sequence[One]) -> Iterator[Sequence[One]]:
        """A few at a time; all at once when their documents may have to be loaded, which is one query then."""
        size = PIECE if self.held.complete else len(events)
        return (events[start : start + size] for start in range(0, len(events), size or 1))

    def _parcels(self) -> dict[int, Parcel]:
        return {number: Parcel() for number in range(self._peers.count) if number != self._peers.number}

    def _routed(self, admitted: Sequence[Admitted], parcels: Mapping[int, Parcel]) -> list[Change]:
        """Our own changes of these events; an event with documents of others goes into their parcels."""
        opened = self._opened([one[0] for one in admitted])
        me, owners, shard_of, ours = self._peers.number, self._owners, self._shard, list[Change]()
        others: dict[int, int] = {}
        for (event, place, offset, value), plain in zip(admitted, opened, strict=True):
            for folding in self._wanted[event.type]:
                for key, change in folding.plan(event, plain).items():
                    owner = owners[shard_of(key)]
                    if owner != me:
                        others[owner] = others.get(owner, 0) | 1 << folding.number
                    elif not self._ahead or self._lacks(key, place, offset):
                        ours.append((folding.collection, key, change, event))
            while others:
                owner, views = others.popitem()
                parcels[owner].add(value or to_wire(event, "/"), views, self._number_of[place], offset)
        return ours

    def _unpacked(self, sent: Sequence[Sent]) -> list[Change]:
        """Our changes of events that another slot has read."""
        events = [for_folding(one[0]) for one in sent]
        ours = list[Change]()
        for event, plain, (_, views, place, offset) in zip(events, self._opened(events), sent, strict=True):
            for folding in self._wanted[event.type]:
                if views >> folding.number & 1:
                    for key, change in folding.plan(event, plain).items():
                        if self._owns(self._shard(key)) and (
                            not self._ahead or self._lacks(key, self._places[place], offset)
                        ):
                            ours.append((folding.collection, key, change, event))
        return ours

    def _opened(self, events: Sequence[Recorded]) -> Sequence[Recorded]:
        """The same events with their personal values open. Raises Broken: never over a hole."""
        closed = [event for event in events if holds_sealed(event)]
        if not closed:
            return events
        self._vault.warm(closed)
        return [
            msgspec.structs.replace(event, data=self._vault.opened(event)) if holds_sealed(event) else event
            for event in events
        ]

    def _lacks(self, key: str, place: Place, offset: int) -> bool:
        """Is the event not yet in the document?"""
        return offset >= self._at[self._shard(key)].get(place, 0)

    def _owns(self, shard: int) -> bool:
        return self._owners[shard] == self._peers.number


@dataclass(frozen=True, slots=True)
class _Standing:
    """At the end of a round. full: there is much in memory. done: everything is read."""

    full: bool
    done: bool


class _Folding:
    """A view and where its documents go; `number` stands for it in parcels."""

    def __init__(self, number: int, view: View, collection: str) -> None:
        self.number = number
        self.collection = collection
        self._name = view.name
        self._sealed = takes_sealed(view)
        self._plan = planner(view)

    def plan(self, event: Recorded, opened: Recorded) -> Plan:
        """What an event does to each document. Raises CannotFold."""
        try:
            return self._plan(event if self._sealed else opened)
        except Exception as error:
            raise CannotFold(f"{self._name} at {event.id}: {type(error).__name__}: {error}") from error


def owners_of_shards(places: Sequence[Place], sizes: Mapping[Place, int], count: int) -> list[int]:
    """Which of `count` slots owns each shard, and reads the partition of the same number."""
    weights = Counter(dict.fromkeys(range(max(place.partition for place in places) + 1), 0))
    for place in places:
        weights[place.partition] += sizes.get(place, 0)
    owners = shared_out(weights, count)
    return [owners[shard % len(owners)] for shard in range(SHARDS)]
