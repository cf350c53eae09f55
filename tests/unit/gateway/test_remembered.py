"""What a web process remembers is never older than the database at the last look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pytest
from pymongo.errors import AutoReconnect

from services.eventsourcing.pulse_store import PULSE, Beat, Pulses
from services.gateway.remembered_store import Changes, Remembered, note_reading, reading


class Heart:
    """A pulse in memory."""

    def __init__(self) -> None:
        self.beats: list[Beat] = []
        self.asked = 0

    def beat(self, *ids: str) -> None:
        self.beats.append(Beat(len(self.beats) + 1, frozenset(ids) or None))

    def since(self, seen: Mapping[str, int]) -> list[Beat]:
        self.asked += 1
        return self.beats[seen.get(PULSE, 0) :]


class Dying(Heart):
    """A pulse whose database is away."""

    def since(self, seen: Mapping[str, int]) -> list[Beat]:
        super().since(seen)
        raise AutoReconnect("away")


def remembering(heart: Heart) -> tuple[Changes, Remembered]:
    changes = Changes(cast(Pulses, heart))
    return changes, Remembered(changes, most=2)


def test_a_value_is_kept_while_its_documents_stand() -> None:
    heart = Heart()
    changes, pages = remembering(heart)
    pages.put("masha", changes.look(), {"entries:masha"}, "page")
    heart.beat("entries:lev")
    changes.look()
    assert pages.get("masha") == "page"


def test_a_value_goes_when_one_of_its_documents_changes_or_appears() -> None:
    heart = Heart()
    changes, pages = remembering(heart)
    pages.put("masha", changes.look(), {"entries:masha", "lessons:not-yet-there"}, "page")
    heart.beat("lessons:not-yet-there")
    changes.look()
    assert pages.get("masha") is None


def test_a_value_read_before_a_change_that_came_meanwhile_is_not_believed() -> None:
    heart = Heart()
    changes, pages = remembering(heart)
    read_at = changes.look()
    heart.beat("entries:masha")
    changes.look()  # another request of the process
    pages.put("masha", read_at, {"entries:masha"}, "page")
    assert pages.get("masha") is None


def test_nothing_is_believed_after_a_beat_that_says_anything() -> None:
    heart = Heart()
    changes, pages = remembering(heart)
    pages.put("masha", changes.look(), {"entries:masha"}, "page")
    heart.beat()
    pages.put("lev", changes.look(), {"entries:lev"}, "page")
    assert pages.get("masha") is None
    assert pages.get("lev") == "page"


def test_the_number_of_values_is_bounded() -> None:
    _, pages = remembering(Heart())
    for key in ("a", "b", "c"):
        pages.put(key, 0, (), key)
    assert [pages.get(key) for key in ("a", "b", "c")] == [None, "b", "c"]


def test_a_look_that_was_just_done_is_not_done_again() -> None:
    heart = Heart()
    changes, _ = remembering(heart)
    changes.look()
    changes.look(within=60)
    assert heart.asked == 1
    changes.look()
    assert heart.asked == 2


def test_who_waited_for_a_question_that_failed_does_not_ask_it_again() -> None:
    heart, times = Dying(), iter((1.0, 1.0, 5.0, 3.0, 6.0, 6.0, 7.0))
    changes = Changes(cast(Pulses, heart), clock=lambda: next(times))
    for _ in ("at 1, until 5", "came at 3"):
        with pytest.raises(AutoReconnect):
            changes.look()
    assert heart.asked == 1
    with pytest.raises(AutoReconnect):
        changes.look()
    assert heart.asked == 2


def test_the_block_around_hears_what_is_read() -> None:
    note_reading(["before"])
    with reading() as ids:
        note_reading(["a", "b"])
    assert ids == {"a", "b"}
