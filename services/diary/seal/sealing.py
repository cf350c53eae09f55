"""Taking seals: a cut of the store, its root, the signature, and the fact in the log."""

from __future__ import annotations

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from services.diary.seal.commands import TakeSeal
from services.diary.seal.cuts_store import Cuts
from services.diary.seal.decider import SEAL
from services.diary.seal.events import StoreSealed
from services.diary.seal.tree import sealed, went_back
from services.diary.service import Diary
from services.eventsourcing import crash
from services.eventsourcing.clock import Clock, moment, stamp
from services.eventsourcing.core import Core
from services.eventsourcing.heads_mongo import stream_heads
from services.eventsourcing.ids import new_id
from services.eventsourcing.message import Meta
from services.eventsourcing.signing import Signer, Verifier
from services.eventsourcing.store import Head

STORE: Final = "diary"
STREAM: Final = SEAL.stream(STORE)
SHOWN: Final = 5


class WentBack(Exception):
    """The store no longer holds what the last seal says: nothing is sealed until somebody has looked."""

    def __init__(self, found: list[str]) -> None:
        rest = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        super().__init__("; ".join(found[:SHOWN]) + rest)
        self.found = found


class Sealing:
    """Takes seals of the diary's store and reads them."""

    def __init__(self, core: Core, signer: Signer, clock: Clock) -> None:
        self._core = core
        self._diary = Diary(core.executor)
        self._cuts = Cuts(core.db)
        self._signer = signer
        self._clock = clock

    def take(self, command: str, actor: str) -> StoreSealed:
        """Seal the store as it is now. A repeat of `command` answers the first one's seal.

        Raises WentBack, and Refused when another seal was taken meanwhile: then nothing was sealed.
        """
        before = self.seals()
        last = before[-1] if before else None
        heads = stream_heads(self._core.db)
        known = self._cuts.heads(seal.cut for seal in before)
        if found := went_back(known, heads):
            raise WentBack(found)
        cut, now = new_id(), self._clock()
        unchanged = set(known)
        crash.point("seal.before-cut")
        self._cuts.write(cut, [head for head in heads if head not in unchanged], now)
        crash.point("seal.after-cut")
        made = sealed(heads, last, STORE, cut, stamp(now), self._signer)
        done = self._diary.run(TakeSeal(STORE, made), Meta(actor, command, stamp(now)))
        crash.point("seal.after-append")
        self._cuts.drop_abandoned([*(seal.cut for seal in before), cut], now)
        (event,) = done.events
        assert isinstance(event, StoreSealed)
        return event

    @property
    def verifier(self) -> Verifier:
        """The public half of the key."""
        return self._signer.verifier

    def seals(self) -> list[StoreSealed]:
        """Every seal, oldest first."""
        commits = self._core.store.read(STREAM)
        return [e for commit in commits for e in self._core.executor.decoded(commit) if isinstance(e, StoreSealed)]

    def heads(self, number: int) -> list[Head]:
        """The heads behind a seal, by name of the stream."""
        return self._cuts.heads(seal.cut for seal in self.seals() if seal.number <= number)


class Daily:
    """A worker's loop: the first step of each day in the school's time zone takes a seal, if anything is stored."""

    def __init__(self, sealing: Sealing, core: Core, zone: ZoneInfo, clock: Clock) -> None:
        self._sealing = sealing
        self._core = core
        self._zone = zone
        self._clock = clock
        self._done: date | None = None

    def step(self, epoch: int) -> int:
        """Take today's seal if there is none; how many were taken."""
        today = self._clock().astimezone(self._zone).date()
        if self._done == today or self._core.store.is_empty():
            return 0
        last = self._core.executor.load(SEAL, STORE).state
        due = last is None or moment(last.at).astimezone(self._zone).date() < today
        if due:
            self._sealing.take(f"seal:{today.isoformat()}", "system:seal")
        self._done = today
        return int(due)

    def lost(self) -> None:
        """Another process takes over, or the step failed: look again."""
        self._done = None
