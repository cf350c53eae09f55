"""The journal of the demonstration: timetable, then every saved lesson up to today in the order of time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from deploy.demo.absence import AWAY, Absences
from deploy.demo.curriculum import BELLS, SUBJECTS
from deploy.demo.items import (
    BellsItem,
    Entry,
    HolidaysItem,
    Homework,
    JournalItem,
    LessonItem,
    TimetableItem,
    TimetableSlot,
    Work,
)
from deploy.demo.lessons import Lesson, lessons
from deploy.demo.marks import Marks
from deploy.demo.school import DemoSchool, Pupil
from deploy.demo.texts import Texts, texts

ZONE: Final = ZoneInfo("Europe/Moscow")
# of today only the first lessons are over, so that there is something left to enter
OVER_TODAY: Final = 3
TEST_WEIGHT: Final = 3
QUIZ_WEIGHT: Final = 2
_QUIZ: Final = 0.12
_COMMENT: Final = 0.04
_CORRECTED: Final = 0.006
# the families shown have corrected marks to look at
_CORRECTED_IN_FAMILIES: Final = 0.08
_WITHDRAWN: Final = 0.0006


def journal(school: DemoSchool) -> Iterator[JournalItem]:
    """Bells, days off and timetables first, then the lessons; the same school gives the same journal."""
    year = school.year
    yield BellsItem(school.org, tuple((n, *times) for n, times in enumerate(BELLS, 1)))
    yield HolidaysItem(school.org, tuple(sorted((*year.breaks, *year.holidays), key=lambda span: span.begins)))
    yield from _timetables(school)
    yield from _in_time(school)


def _timetables(school: DemoSchool) -> Iterator[TimetableItem]:
    for group in school.groups:
        teacher = school.id_of("user", school.staff[group.post].key)
        slots = tuple(
            TimetableSlot(slot.weekday, slot.number, *BELLS[slot.number - 1], school.room(slot.post), teacher)
            for slot in school.slots
            if (slot.form, slot.subject, slot.half) == (group.form, group.subject, group.half)
        )
        yield TimetableItem(school.id_of("class", group.key), school.year.begins, school.year.ends, slots)


def _in_time(school: DemoSchool) -> Iterator[LessonItem]:
    """Every saving in the order of time. Only what is saved later than the lessons under way is held back."""
    writer = _Writer(school)
    waiting: list[tuple[datetime, str, int, int, int, LessonItem]] = []
    number = count()  # two lessons of a group may be corrected in the same minute
    for lesson in lessons(school):
        over = lesson.day < school.today or (lesson.day == school.today and lesson.number <= OVER_TODAY)
        if school.since <= lesson.day and over:
            while waiting and waiting[0][0] <= _ended(lesson):
                yield heappop(waiting)[-1]
            for item in writer.lesson(lesson):
                heappush(waiting, (item.at, item.group, item.number, item.part, next(number), item))
    while waiting:
        yield heappop(waiting)[-1]


class _Writer:
    """Writes lesson after lesson as its teacher would."""

    def __init__(self, school: DemoSchool) -> None:
        self._school = school
        self._texts: Texts = texts(school.lang)
        self._marks = Marks(school)
        shown = [family for family in school.families if family.shown]
        self._shown = {school.id_of("user", child.key) for family in shown for child in family.children}
        days = tuple(school.year.days(school.year.begins, min(school.today, school.year.ends)))
        self._absences = Absences(school, days)

    def lesson(self, lesson: Lesson) -> Iterator[LessonItem]:
        """The lesson as saved in class; a test's marks come days later, corrections later still."""
        rng = self._school.rng("lesson", lesson.group.key, str(lesson.day), str(lesson.number))
        pupils = self._school.members(lesson.group)
        state = {p.key: self._absences.of(p.key, lesson.day, lesson.number, rng) for p in pupils}
        present = [pupil for pupil in pupils if state[pupil.key] not in AWAY]
        work = self._work(lesson, rng)
        marked = self._marked(lesson, work, present, rng)
        user = partial(self._school.id_of, "user")
        away = {p.key: Entry(user(p.key), attendance=state[p.key]) for p in pupils if state[p.key]}
        now = self._item(lesson, _ended(lesson) + timedelta(minutes=rng.randint(1, 40)), work, rng)
        if lesson.test:
            yield replace(now, entries=tuple(away.values()))
            later = _ended(lesson) + timedelta(days=rng.randint(1, 3), minutes=rng.randint(60, 400))
            if later.date() > self._school.today:
                return
            now = replace(now, part=2, at=later, topic=None, homework=None, work=None, entries=())
            away = {}
        yield replace(now, entries=tuple(_merged(away, marked)))
        yield from self._corrected(now, marked, rng)

    def _work(self, lesson: Lesson, rng: Random) -> Work:
        subject = SUBJECTS[lesson.group.subject]
        if lesson.test:
            return Work("test", self._texts.subjects[subject.key].test, TEST_WEIGHT)
        if subject.tested and subject.hours > 1 and rng.random() < _QUIZ:
            return Work("quiz", self._texts.tests[-1], QUIZ_WEIGHT)
        return Work("lesson", None, 1)

    def _item(self, lesson: Lesson, at: datetime, work: Work, rng: Random) -> LessonItem:
        subject = SUBJECTS[lesson.group.subject]
        words = self._texts.subjects[subject.key]
        homework = None
        if subject.homework and lesson.due is not None and not lesson.test:
            homework = Homework(words.task(lesson.at, rng), lesson.due)
        topic = words.test if lesson.test and words.test else words.topic(lesson.at, lesson.of)
        group = self._school.id_of("class", lesson.group.key)
        teacher = self._school.id_of("user", self._school.staff[lesson.group.post].key)
        return LessonItem(
            group, subject.title(self._school.lang), lesson.day, lesson.number, 1, teacher, at, topic, homework, work
        )  # fmt: skip

    def _marked(self, lesson: Lesson, work: Work, present: list[Pupil], rng: Random) -> list[Entry]:
        count = {"test": len(present), "quiz": len(present) * 3 // 4}.get(work.kind)
        if count is None:
            count = rng.randint(2, 5) if lesson.group.half else rng.randint(4, 9)
        subject = lesson.group.subject
        marks = {
            pupil.key: self._marks.one(pupil, subject, lesson.test, rng)
            for pupil in self._marks.asked(present, subject, count, rng)
        }
        return [
            Entry(
                self._school.id_of("user", pupil),
                mark,
                comment=self._texts.remark(mark, rng) if rng.random() < _COMMENT else None,
            )
            for pupil, mark in marks.items()
        ]

    def _corrected(self, saved: LessonItem, marked: list[Entry], rng: Random) -> Iterator[LessonItem]:
        at = saved.at + timedelta(days=rng.randint(1, 4))
        if at.date() > self._school.today:
            return
        changed: list[Entry] = []
        for entry in marked:
            chance = rng.random()
            likely = _CORRECTED_IN_FAMILIES if entry.pupil in self._shown else _CORRECTED
            if chance < _WITHDRAWN:
                changed.append(Entry(entry.pupil, None, was=entry.mark, reason=rng.choice(self._texts.withdrawals)))
            elif chance < _WITHDRAWN + likely:
                better = "4" if entry.mark in ("2", "3", "5") else "5"
                changed.append(Entry(entry.pupil, better, was=entry.mark, reason=rng.choice(self._texts.corrections)))
        if changed:
            yield replace(
                saved, part=saved.part + 1, at=at, topic=None, homework=None, work=None, entries=tuple(changed)
            )


def _ended(lesson: Lesson) -> datetime:
    ends = time.fromisoformat(BELLS[lesson.number - 1][1])
    return datetime.combine(lesson.day, ends, ZONE)


def _merged(away: dict[str, Entry], marked: list[Entry]) -> Iterator[Entry]:
    """One entry a pupil: somebody late may have a mark as well."""
    states = {entry.pupil: entry for entry in away.values()}
    for entry in marked:
        late = states.pop(entry.pupil, None)
        yield entry if late is None else replace(entry, attendance=late.attendance)
    yield from states.values()
