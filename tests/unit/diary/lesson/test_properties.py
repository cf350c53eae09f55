"""Whatever is entered, the lesson's state is what a simple table of cells would hold."""

from functools import reduce

from hypothesis import given as for_all
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from msgspec import UNSET

from services.diary.lesson.commands import Entry, Was
from services.diary.lesson.decider import LESSON
from services.eventsourcing.decider import Refused
from tests.unit.diary.journal import record

MARKS = st.sampled_from([UNSET, None, "2", "3", "4", "5"])
STATES = st.sampled_from([UNSET, None, "absent", "excused", "ill", "late"])
PUPILS = st.sampled_from(["masha", "lev"])
ENTRIES = st.builds(Entry, pupil=PUPILS, mark=MARKS, attendance=STATES, reason=st.sampled_from(["", "recount"]))


def fold(events, state=LESSON.initial):
    return reduce(LESSON.evolve, events, state)


def cells(lesson):
    return {pupil: (lesson.cell(pupil).value, lesson.cell(pupil).attendance) for pupil in ("masha", "lev")}


class Journal(RuleBasedStateMachine):
    """Entries in any order; the model is a dictionary that takes what was accepted."""

    @initialize()
    def open(self):
        self.events = []
        self.lesson = LESSON.initial
        self.model = {"masha": (None, None), "lev": (None, None)}

    @rule(entry=ENTRIES, minutes=st.integers(0, 30))
    def enter(self, entry, minutes):
        try:
            made = LESSON.decide(record(entry, minutes=minutes), self.lesson)
        except Refused:
            assert cells(self.lesson) == self.model
            return
        mark, attendance = self.model[entry.pupil]
        self.model[entry.pupil] = (
            mark if entry.mark is UNSET else entry.mark,
            attendance if entry.attendance is UNSET else entry.attendance,
        )
        self.take(made)

    @rule(entry=ENTRIES)
    def enter_twice(self, entry):
        self.enter(entry, 0)
        again = record(Entry(entry.pupil, *self.model[entry.pupil]))
        assert LESSON.decide(again, self.lesson) == []

    @rule(entry=ENTRIES, mark=MARKS, attendance=STATES)
    def enter_having_seen(self, entry, mark, attendance):
        seen = Entry(entry.pupil, entry.mark, entry.attendance, reason="recount", was=Was(mark, attendance))
        now = self.model[entry.pupil]
        same = mark in (UNSET, now[0]) and attendance in (UNSET, now[1])
        if same:
            return
        try:
            assert LESSON.decide(record(seen), self.lesson) == []
        except Refused as refusal:
            assert refusal.code == "cell-changed"
            assert (refusal.params["mark"], refusal.params["attendance"]) == now

    def take(self, made):
        self.events += made
        self.lesson = fold(made, self.lesson)
        assert cells(self.lesson) == self.model
        assert self.lesson == fold(self.events)


TestJournal = Journal.TestCase


@for_all(st.lists(ENTRIES, max_size=2, unique_by=lambda entry: entry.pupil))
def test_only_the_first_event_of_a_lesson_is_that_it_was_held(entries):
    try:
        made = LESSON.decide(record(*entries), LESSON.initial)
    except Refused:
        return
    assert [type(event).__name__ == "LessonHeld" for event in made] == [True, *[False] * (len(made) - 1)][: len(made)]
