"""The past: folding a stream's kept events up to a moment gives the documents that were live at that moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given, strategies

from services.eventsourcing.clock import stamp
from services.eventsourcing.folding import fold_batch
from services.eventsourcing.message import Recorded
from services.eventsourcing.vault import MemoryKeyRing, Vault
from services.eventsourcing.view import Doc, fold
from services.gateway.past.reading import PastReader
from services.gateway.past.view import PAGES, PAST
from tests.unit.gateway.history import ILYA, MASHA, MONDAY, TEACHER, TUESDAY, sealed, small_school
from tests.unit.gateway.test_folds import busy_school, interleaved

BEGINS = datetime(2026, 9, 1, tzinfo=UTC)
NEVER = "2026-08-31T00:00:00.000000Z"


class KeptStreams:
    """The view `past` in memory."""

    def __init__(self, events: Iterable[Recorded]) -> None:
        self.docs = fold(PAST, events)

    def touching(self, keys: Iterable[str]) -> list[tuple[str, Doc]]:
        """See reading.Streams."""
        wanted = set(keys)
        return [(stream, doc) for stream, doc in self.docs.items() if wanted & set(doc["keys"])]


def timed(events: Iterable[Recorded]) -> list[Recorded]:
    """The same events, a minute apart."""
    return [
        msgspec.structs.replace(event, at=stamp(BEGINS + timedelta(minutes=number)))
        for number, event in enumerate(events)
    ]


def reader_of(events: Iterable[Recorded]) -> PastReader:
    """Reads the past of these events."""
    return PastReader(KeptStreams(events), Vault(MemoryKeyRing()))


@given(strategies.data())
def test_the_past_of_every_moment_is_what_was_live_at_that_moment(data: Any) -> None:
    events = timed(interleaved(busy_school(), data))
    reader = reader_of(events)
    number = data.draw(strategies.integers(0, len(events)))
    at = events[number - 1].at if number else NEVER
    for name, view in PAGES.items():
        ids = {id for event in events if event.type in view.types for id in view.touches(event)}
        assert reader.until(at).find(name, ids) == fold(view, events[:number])


def test_one_document_is_folded_as_all_are_together() -> None:
    events = timed(busy_school())
    for name, view in PAGES.items():
        for id, doc in fold(view, events).items():
            assert reader_of(events).until(events[-1].at).get(name, id) == doc


def test_a_document_that_was_emptied_was_there_before() -> None:
    events = timed(busy_school())
    removed = next(number for number, event in enumerate(events) if event.type == "LinkRemoved")
    reader = reader_of(events)
    assert reader.until(events[removed - 1].at).get("journal", f"slip:{ILYA}")
    assert reader.until(events[-1].at).get("journal", f"slip:{ILYA}") == {}


def test_a_clock_that_was_fast_hides_what_followed_it_in_its_stream_until_its_time_comes() -> None:
    history = small_school().grade(TUESDAY, MASHA, "3", at="2026-11-24T08:00:00.000000Z")
    history.correction(TUESDAY, MASHA, "3", "4", at="2026-11-24T09:30:00.000000Z")
    history.correction(TUESDAY, MASHA, "4", "5", at="2026-11-24T09:00:00.000000Z")

    def value(at: str) -> str:
        doc = reader_of(history.events).until(at).get("week", f"entries:{MASHA}:2026-W48")
        return str(doc["entries"][f"algebra/{TUESDAY}/2"]["marks"]["1"]["value"])

    assert value("2026-11-24T09:10:00.000000Z") == "3"
    assert value("2026-11-24T09:30:00.000000Z") == "5"


def test_a_document_begins_with_its_first_event() -> None:
    events = timed(small_school().grade(TUESDAY, MASHA, "3").events)
    assert reader_of(events).begins("week", f"entries:{MASHA}:2026-W48") == events[-1].at
    assert reader_of(events).begins("week", "entries:nobody:2026-W48") is None


def test_only_sealed_words_are_kept_and_an_erased_person_is_nobody_in_every_past() -> None:
    ring = MemoryKeyRing()
    vault, events = Vault(ring), timed(small_school().grade(TUESDAY, MASHA, "3", comment="болел").events)
    closed = [sealed(vault, event) for event in events]
    erasures = [0]
    reader, at = PastReader(KeptStreams(closed), vault, lambda: erasures[0]), events[-1].at
    assert "болел" not in str([doc["lines"].decode() for doc in fold(PAST, closed).values()])
    assert comment(reader, at) == "болел"
    ring.destroy(MASHA, "personal")
    erasures[0] += 1
    assert comment(reader, at) is None


def comment(reader: PastReader, at: str) -> Any:
    """The words beside Masha's mark."""
    doc = reader.until(at).get("week", f"entries:{MASHA}:2026-W48")
    return doc["entries"][f"algebra/{TUESDAY}/2"]["marks"]["1"]["comment"]


def test_an_event_that_a_page_cannot_fold_ends_its_stream_in_every_past_as_in_the_present() -> None:
    history = small_school().grade(TUESDAY, MASHA, "3").grade(TUESDAY, ILYA, "4")
    poison = {"subject": "Алгебра", "pupil": MASHA, "work": "1", "kind": "lesson", "weight": 1, "by": TEACHER}
    history.lesson(TUESDAY, "GradePosted", **poison).correction(TUESDAY, MASHA, "3", "5").test(MONDAY)
    events = timed(history.events)
    reader = reader_of(events)
    for name, view in PAGES.items():
        live = fold_batch(view, events, lambda keys: {}, set()).docs
        assert reader.until(events[-1].at).find(name, live) == live
