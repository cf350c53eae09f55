"""Deciders and their execution: load, decide, append; decide again when somebody was faster.

A decider is three pure values: the state of an empty stream, decide(command, state) -> events, and
evolve(state, event) -> state (Jeremie Chassaing, "Functional Event Sourcing Decider").
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from services.eventsourcing.message import Event, Meta
from services.eventsourcing.registry import Registry, encode
from services.eventsourcing.store import Claims, Commit, Conflict, EventStore, Head, Repeated, Stored, Taken
from services.eventsourcing.vault import Vault
from services.eventsourcing.watch.tracing import span

C = TypeVar("C")
S = TypeVar("S")

# Told about each command: type, outcome, seconds, stream, version; "conflict" each time somebody else was faster.
Watch = Callable[[str, str, float, str, int], None]

ATTEMPTS = 8
STATE_SECONDS = 60.0  # states hold opened personal values: no longer in memory than a key would be
STATES = 5_000


class Refused(Exception):
    """The command is understood and not allowed. `sentence` says in English what to do; {names} come from `params`."""

    def __init__(self, code: str, sentence: str, *, field: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence.format(**self.params)}"


class Forbidden(Refused):
    """The caller may not do this to this object."""


class Missing(Refused):
    """The object does not exist, or must look so to this caller."""


class Busy(Exception):
    """Others kept changing the stream; nothing was written. Safe to send again."""


class Stale(Exception):
    """The caller expected another version of the stream (If-Match); nothing was written."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class KeyReused(Exception):
    """The idempotency key was used before for a different request."""


OUTCOMES = {Busy: "busy", Stale: "stale", KeyReused: "refused", Taken: "refused"}


@dataclass(frozen=True)  # no slots: Python 3.11 cannot make Decider[C, S](...) of a frozen class that has them
class Decider(Generic[C, S]):
    """A kind of stream. `category` is the first part of its name: `<category>-<id>`."""

    category: str
    initial: S
    decide: Callable[[C, S], Sequence[Event]]
    evolve: Callable[[S, Any], S]

    def stream(self, id: str) -> str:
        """The name of one stream of this kind."""
        return f"{self.category}-{id}"


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """A stream's state and where it ended when it was read."""

    state: S
    head: Head


@dataclass(frozen=True, slots=True)
class Committed:
    """What a command did. `repeated` is true when an earlier request with the same key did it."""

    stream: str
    version: int
    events: tuple[Event, ...]
    repeated: bool = False


class Executor:
    """Runs commands of one service against its store. Thread-safe."""

    def __init__(self, store: EventStore, registry: Registry, vault: Vault, watch: Watch = lambda *_: None) -> None:
        self._store = store
        self._registry = registry
        self._vault = vault
        self._watch = watch
        self._states: OrderedDict[str, tuple[float, Loaded[Any]]] = OrderedDict()
        self._destructions = 0
        self._lock = threading.Lock()

    def execute(
        self,
        decider: Decider[C, S],
        id: str,
        command: C,
        meta: Meta,
        *,
        claims: Claims = Claims(),  # noqa: B008 - frozen
        expected: int | None = None,
    ) -> Committed:
        """Append what `decide` answers, as one commit, or nothing.

        A repeat of meta.command answers what the first run did. Raises Refused, Busy, Stale, KeyReused, Taken.
        """
        began, name = time.perf_counter(), type(command).__name__
        try:
            with span(name, facts={"diary.stream": decider.stream(id)}):
                done = self._execute(decider, id, command, meta, claims, expected)
        except Exception as error:
            outcome = OUTCOMES.get(type(error), "refused" if isinstance(error, Refused) else "failed")
            self._watch(name, outcome, time.perf_counter() - began, decider.stream(id), 0)
            raise
        outcome = "repeated" if done.repeated else "done" if done.events else "unchanged"
        self._watch(name, outcome, time.perf_counter() - began, done.stream, done.version)
        return done

    def _execute(
        self, decider: Decider[C, S], id: str, command: C, meta: Meta, claims: Claims, expected: int | None
    ) -> Committed:
        for _ in range(ATTEMPTS):
            since = self._erased()
            loaded = self.load(decider, id)
            try:
                events = _decided(decider, command, loaded, expected)
            except (Refused, Stale):
                # The first run of this very command may be why the second is refused: then it is a success.
                earlier = self._earlier(meta)
                if earlier is None:
                    raise
                return earlier
            if not events:
                return self._earlier(meta) or Committed(loaded.head.stream, loaded.head.version, ())
            try:
                return self._append(decider, loaded, events, meta, claims, since)
            except Conflict:
                self._watch(type(command).__name__, "conflict", 0.0, loaded.head.stream, loaded.head.version)
                continue
            except Repeated as repeated:
                return self._answered(repeated.commit, meta)
        raise Busy(decider.stream(id))

    def load(self, decider: Decider[Any, S], id: str) -> Loaded[S]:
        """The present state of a stream: what is remembered of it, brought up to date from the store."""
        stream, since = decider.stream(id), self._erased()
        loaded: Loaded[S] = self._remembered(stream) or Loaded(decider.initial, Head(stream))
        commits = self._store.read(stream, after=loaded.head.commit)
        if not commits:
            return loaded
        state = loaded.state
        for commit in commits:
            for event in self.decoded(commit):
                state = decider.evolve(state, event)
        return self._remember(Loaded(state, commits[-1].head), since)

    def decoded(self, commit: Commit) -> tuple[Event, ...]:
        """A commit's events as this service's classes, personal fields opened."""
        recorded = list(commit.recorded())
        self._vault.warm(recorded)
        return tuple(self._registry.decode(e.type, e.schema, self._vault.opened(e)) for e in recorded)

    def _append(
        self,
        decider: Decider[C, S],
        loaded: Loaded[S],
        events: tuple[Event, ...],
        meta: Meta,
        claims: Claims,
        since: int,
    ) -> Committed:
        head = loaded.head
        stored = [self._stored(head.stream, version, e) for version, e in enumerate(events, start=head.version + 1)]
        about = {person for e in events for name in self._registry.of(e).about if (person := getattr(e, name))}
        commit = self._store.append(head, stored, meta, sorted(about), claims)
        state = loaded.state
        for event in events:
            state = decider.evolve(state, event)
        self._remember(Loaded(state, commit.head), since)
        return Committed(head.stream, commit.last, events)

    def _stored(self, stream: str, version: int, event: Event) -> Stored:
        entry = self._registry.of(event)
        data = self._vault.sealed(stream, version, encode(event), entry.personal)
        return Stored(entry.name, entry.schema, data)

    def _earlier(self, meta: Meta) -> Committed | None:
        commit = self._store.by_command(meta.command)
        return self._answered(commit, meta) if commit else None

    def _answered(self, commit: Commit, meta: Meta) -> Committed:
        if commit.fingerprint != meta.fingerprint:
            raise KeyReused(meta.command)
        return Committed(commit.stream, commit.last, self.decoded(commit), repeated=True)

    def _remembered(self, stream: str) -> Loaded[Any] | None:
        entry = self._states.get(stream)
        return entry[1] if entry and entry[0] > time.monotonic() else None

    def _erased(self) -> int:
        """Forget every state when a key was destroyed: a person may be in them by name."""
        known = self._vault.destructions()
        if known != self._destructions:
            with self._lock:
                self._states.clear()
                self._destructions = known
        return known

    def _remember(self, loaded: Loaded[S], since: int) -> Loaded[S]:
        # States are immutable, so threads may share them; an older one only costs a longer read.
        with self._lock:
            if since != self._destructions:
                return loaded
            self._states[loaded.head.stream] = (time.monotonic() + STATE_SECONDS, loaded)
            if len(self._states) > STATES:
                self._states.popitem(last=False)
        return loaded


def _decided(decider: Decider[C, S], command: C, loaded: Loaded[S], expected: int | None) -> tuple[Event, ...]:
    if expected is not None and loaded.head.version != expected:
        raise Stale(loaded.head.version)
    return tuple(decider.decide(command, loaded.state))
