"""The version gate lets each event through once and in order, whatever the log does."""

from hypothesis import given
from hypothesis import strategies as st

from services.eventsourcing.message import Recorded
from services.eventsourcing.sequence import Gate
from tests.kit.toy import written

STREAMS = ["b1", "b2", "b3"]


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[dict[str, int], list[Recorded]]:
    """Any number of events in each stream, each delivered at least once, doubled and displaced at will."""
    lengths = {book: draw(st.integers(0, 6)) for book in STREAMS}
    events = [written(version, book=book) for book, length in lengths.items() for version in range(1, length + 1)]
    doubles = draw(st.lists(st.sampled_from(events), max_size=10)) if events else []
    return lengths, draw(st.permutations(events + doubles))


@given(deliveries())
def test_any_doubling_and_displacement_lets_each_event_through_once_and_in_order(
    story: tuple[dict[str, int], list[Recorded]],
) -> None:
    lengths, delivered = story
    gate = Gate()
    passed = [event for delivery in delivered for event in gate.admit(delivery)]
    for book, length in lengths.items():
        assert [event.version for event in passed if event.stream == f"book-{book}"] == list(range(1, length + 1))
    assert gate.early == {}
    assert gate.heads == {f"book-{book}": length for book, length in lengths.items() if length}


@given(deliveries(), st.sampled_from(STREAMS))
def test_a_lost_event_stops_its_stream_and_no_other(story: tuple[dict[str, int], list[Recorded]], unlucky: str) -> None:
    lengths, delivered = story
    gate = Gate()
    lost = (f"book-{unlucky}", 2)
    arriving = [event for event in delivered if (event.stream, event.version) != lost]
    passed = [event for delivery in arriving for event in gate.admit(delivery)]
    for book, length in lengths.items():
        expected = min(length, 1) if book == unlucky else length
        assert [event.version for event in passed if event.stream == f"book-{book}"] == list(range(1, expected + 1))
    waiting = sorted(gate.early.get(f"book-{unlucky}", {}))
    assert waiting == list(range(3, lengths[unlucky] + 1))


def test_what_was_applied_before_a_restart_is_dropped() -> None:
    gate = Gate(heads={"book-b1": 2})
    assert [list(gate.admit(written(version))) for version in (1, 2, 3)] == [[], [], [written(3)]]
    assert gate.dropped == 2
