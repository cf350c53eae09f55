"""Erasing persons, step by step. Every step may be repeated: whoever was killed in the middle starts again.

1. The request becomes an event, so that an unfinished erasure is seen.
2. The keys are destroyed. From now on nothing can be sealed or opened, whatever comes later.
3. When every process has forgotten the keys, the erasure is announced as an event. Each service answers by itself:
   identity forgets secrets, diary ends links, views lose names, sessions end, waiting mails are dropped.
4. Everybody has followed. What no event reaches is removed: former generations of views, stored mails.
5. What was known of the person, kept in memory up to here, is searched everywhere.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from deploy.diaryctl.installation import Installation
from deploy.diaryctl.person.following import follow
from deploy.diaryctl.person.known import Known, Value, know, live, unopened
from deploy.diaryctl.person.needles import needles_of
from deploy.diaryctl.person.searching import Found, search
from deploy.diaryctl.person.sweeping import drop_former_generations, forget_demo_sign_ins, remove_mails
from deploy.local.home import Home
from services.eventsourcing import crash
from services.eventsourcing.clock import stamp, utc_now
from services.eventsourcing.core import Core, open_core
from services.eventsourcing.ids import new_id
from services.eventsourcing.message import Meta
from services.eventsourcing.mongo import connect
from services.eventsourcing.vault import LOOK_SECONDS, Vault
from services.eventsourcing.vault_mongo import MongoKeyRing
from services.gateway.view_store import PROJECTOR as GATEWAY
from services.identity.catalog import registry
from services.identity.erasure.commands import Command, CompleteErasure, RequestErasure
from services.identity.erasure.decider import ERASURE, Erasure

NAMES = ("first_name", "last_name", "patronymic")
INFLECTED = "аеиоуыэюяйь"  # Орлова, Орловой: what another case replaces
SHORTEST_INFLECTED = 4
FORGOTTEN_SECONDS = 2 * LOOK_SECONDS  # after so long no process uses a destroyed key any more

Say = Callable[[str], None]


class NamedInReason(Exception):
    """The reason holds something that is about to be erased: it would stay in the log for ever."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an operator asks for."""

    persons: tuple[str, ...]
    classes: tuple[str, ...]
    reason: str
    operator: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be said of one person afterwards. before: what was known; after: what is."""

    before: Known
    after: Known
    erasure: Erasure
    destroyed: Mapping[str, datetime]
    opens: int
    closed: int
    readable: Sequence[str]


@dataclass(frozen=True, slots=True)
class Erased:
    """Everything that one run did."""

    wish: Wish
    at: datetime
    outcomes: tuple[Outcome, ...]
    readers: Mapping[str, str]
    dropped: Sequence[str]
    mails: int
    found: Found
    needles: int = 0

    @property
    def clean(self) -> bool:
        """Is nothing readable left?"""
        return not self.found.places and not any(outcome.opens for outcome in self.outcomes)


@dataclass(slots=True)
class Erasing:
    """The steps over one installation. local: its directory on this machine; files: what processes write there."""

    place: Installation
    local: Home
    files: Sequence[Path] = ()
    say: Say = lambda what: None
    vault: Vault = field(init=False)
    _core: Core = field(init=False)
    _ring: MongoKeyRing = field(init=False)

    def __post_init__(self) -> None:
        settings = self.place.settings("identity")
        self._ring = MongoKeyRing(connect(settings.vault_url)[settings.vault_database], settings.master_key)
        self.vault = Vault(self._ring)
        self._core = open_core(settings, registry)

    def known(self, persons: Sequence[str]) -> list[Known]:
        """What there is about these persons; changes nothing."""
        return [know(self.place, self.vault, person) for person in persons]

    def state(self, person: str) -> Erasure:
        """How far the erasure of a person is."""
        return self._core.executor.load(ERASURE, person).state

    def run(self, wish: Wish) -> Erased:
        """All steps. Raises NamedInReason, NotFollowed."""
        before = self.known(wish.persons)
        check_reason(wish.reason, before)
        self._destroy(wish)
        self.say("telling every service")
        for person in wish.persons:
            self._execute(CompleteErasure(person), person, wish)
        crash.point("erase.announced")
        readers = follow(self.place, wish.persons)
        crash.point("erase.followed")
        return self._proven(wish, before, readers)

    def _destroy(self, wish: Wish) -> None:
        self.say("destroying keys")
        for person in wish.persons:
            self._execute(RequestErasure(person, wish.classes, wish.reason), person, wish)
        crash.point("erase.requested")
        fresh = False
        for person in wish.persons:
            for of in wish.classes:
                fresh = self.vault.destroy(person, of) or fresh
                crash.point("erase.key-destroyed")
        if fresh or any(self.state(person).unfinished for person in wish.persons):
            time.sleep(FORGOTTEN_SECONDS)
        crash.point("erase.keys-forgotten")

    def _proven(self, wish: Wish, before: Sequence[Known], readers: Mapping[str, str]) -> Erased:
        self.say("removing former generations and stored mails")
        dropped = drop_former_generations(self.place)
        mails = self._remove_mails(before)
        needles = [needles_of(_erased_part(known, wish.classes)) for known in before]
        forget_demo_sign_ins(self.local, needles)
        crash.point("erase.swept")
        found = search(self.place, needles, self.files, lambda what: self.say(f"searching: {what}"))
        crash.point("erase.searched")
        outcomes = tuple(self._outcome(wish, known, found) for known in before)
        count = sum(one.count for one in needles)
        return Erased(wish, datetime.now(UTC), outcomes, readers, dropped, mails, found, count)

    def _outcome(self, wish: Wish, before: Known, found: Found) -> Outcome:
        after = know(self.place, self.vault, before.person)
        opens, closed = unopened(self.vault, after, wish.classes)
        state, times = self.state(before.person), self._ring.times(before.person, wish.classes)
        return Outcome(before, after, state, times, opens, closed, found.of(before.person))

    def _remove_mails(self, before: Sequence[Known]) -> int:
        if not self.local.outbox.is_dir():
            return 0
        own = {address for known in before for address in known.texts("email")}
        return remove_mails(self.local.outbox, own, self._families(before))

    def _families(self, before: Sequence[Known]) -> dict[str, set[str]]:
        """The addresses of accounts that were linked with a pupil, and the pupil's first names."""
        told: dict[str, set[str]] = {}
        for known in before:
            linked = {e.data["account"] for _, e in known.events if e.type == "DiaryLinked"}
            access = live(self.place, "gateway", GATEWAY, "access", linked)
            for doc in access.values():
                if email := doc.get("portal", {}).get("email"):
                    told.setdefault(email, set()).update(known.texts("first_name"))
        return told

    def _execute(self, command: Command, person: str, wish: Wish) -> None:
        meta = Meta(actor=f"operator:{wish.operator}", command=new_id(), at=stamp(utc_now()))
        self._core.executor.execute(ERASURE, person, command, meta)


def check_reason(reason: str, before: Sequence[Known]) -> None:
    """Raises NamedInReason for any value of these persons, and for their names in any grammatical case."""
    words = _plain(reason)
    for known in before:
        for value in known.values:
            if re.search(_pattern(value), words):
                raise NamedInReason(value.field)


def _pattern(value: Value) -> str:
    text, ending = _plain(value.text), ""
    if value.field in NAMES and len(text) >= SHORTEST_INFLECTED:
        text, ending = text[:-1] if text[-1] in INFLECTED else text, r"\w{0,3}"
    return rf"(?<!\w){re.escape(text)}{ending}(?!\w)"


def _plain(text: str) -> str:
    return text.casefold().replace("ё", "е")


def _erased_part(known: Known, classes: Sequence[str]) -> Known:
    """What the law keeps stays readable, so nobody looks for it."""
    kept = {value.text for value in known.values if value.of not in classes}
    values = frozenset(value for value in known.values if value.of in classes and value.text not in kept)
    return Known(known.person, known.commits, values, known.sealed)
