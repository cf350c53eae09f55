"""The journal: only real lessons, sensible marks, corrections that name what they replace."""

from collections import Counter
from datetime import date, timedelta

import pytest

from deploy.demo.absence import AWAY
from deploy.demo.calendar import school_year
from deploy.demo.items import BellsItem, HolidaysItem, JournalItem, LessonItem, TimetableItem
from deploy.demo.journal import TEST_WEIGHT, journal
from deploy.demo.lessons import lessons
from deploy.demo.school import DemoSchool, demo_school, id_of
from deploy.demo.texts import texts

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module", params=["ru", "en"])
def school(request: pytest.FixtureRequest) -> DemoSchool:
    return demo_school(TODAY, lang=request.param)


@pytest.fixture(scope="module")
def items(school: DemoSchool) -> list[JournalItem]:
    return list(journal(school))


@pytest.fixture(scope="module")
def saved(items: list[JournalItem]) -> list[LessonItem]:
    return [item for item in items if isinstance(item, LessonItem)]


def test_the_timetable_comes_before_the_lessons(items: list[JournalItem]) -> None:
    kinds = [type(item) for item in items]
    assert kinds[:2] == [BellsItem, HolidaysItem]
    assert kinds[2:47] == [TimetableItem] * 45
    assert set(kinds[47:]) == {LessonItem}


def test_the_same_school_has_the_same_journal(school: DemoSchool, items: list[JournalItem]) -> None:
    assert list(journal(school)) == items


def test_there_is_a_quarter_of_lessons_and_marks(saved: list[LessonItem]) -> None:
    marks = sum(entry.mark is not None for item in saved for entry in item.entries)
    assert len({(item.group, item.date, item.number) for item in saved}) > 1000
    assert 7_000 < marks < 14_000


def test_lessons_are_on_school_days_up_to_today(school: DemoSchool, saved: list[LessonItem]) -> None:
    assert all(school.year.is_school_day(item.date) for item in saved)
    assert min(item.date for item in saved) == school.year.journal_from(TODAY)
    assert max(item.date for item in saved) == TODAY
    assert max(item.number for item in saved if item.date == TODAY) < 6


def test_nothing_is_saved_before_its_lesson_or_after_today(saved: list[LessonItem]) -> None:
    assert all(item.date <= item.at.date() <= TODAY for item in saved)
    assert [item.at for item in saved] == sorted(item.at for item in saved)


def test_homework_is_due_on_the_next_lesson_of_the_group(school: DemoSchool, saved: list[LessonItem]) -> None:
    days: dict[str, set[date]] = {}
    for lesson in lessons(school):
        days.setdefault(id_of("class", lesson.group.key), set()).add(lesson.day)
    given = [item for item in saved if item.homework is not None]
    assert len(given) > 500
    for item in given:
        assert item.homework is not None
        assert item.homework.due == min(day for day in days[item.group] if day > item.date)


def test_nobody_absent_is_marked_for_the_lesson(saved: list[LessonItem]) -> None:
    away = {(i.group, i.date, i.number, e.pupil) for i in saved for e in i.entries if e.attendance in AWAY}
    marked = {(i.group, i.date, i.number, e.pupil) for i in saved for e in i.entries if e.mark is not None}
    assert away
    assert not away & marked


def test_one_pupil_is_named_once_in_a_saving(saved: list[LessonItem]) -> None:
    assert all(len({entry.pupil for entry in item.entries}) == len(item.entries) for item in saved)


def test_a_correction_names_the_mark_it_replaces_and_why(saved: list[LessonItem]) -> None:
    now: dict[tuple[str, date, int, str], str | None] = {}
    corrections = 0
    for item in saved:
        for entry in item.entries:
            cell = (item.group, item.date, item.number, entry.pupil)
            assert entry.was == now.get(cell)
            if entry.was is not None:
                corrections += 1
                assert entry.reason
                assert entry.mark != entry.was
            if entry.mark is not None or entry.was is not None:
                now[cell] = entry.mark
    assert corrections > 20


def test_every_family_has_a_corrected_mark_to_look_at(school: DemoSchool, saved: list[LessonItem]) -> None:
    corrected = {entry.pupil for item in saved for entry in item.entries if entry.was is not None}
    for family in school.families:
        assert corrected & {id_of("user", child.key) for child in family.children}


def test_tests_weigh_more_and_are_marked_later(saved: list[LessonItem]) -> None:
    tests = [item for item in saved if item.work is not None and item.work.kind == "test"]
    assert len(tests) > 40
    assert {item.work.weight for item in tests if item.work} == {TEST_WEIGHT}
    assert not any(entry.mark for item in tests for entry in item.entries)
    later = {(item.group, item.date, item.number) for item in saved if item.part == 2}
    old = [item for item in tests if item.date < TODAY - timedelta(days=3)]
    assert all((item.group, item.date, item.number) in later for item in old)


def test_a_class_has_one_test_a_day_at_most_and_not_at_the_edges(school: DemoSchool) -> None:
    tests = [lesson for lesson in lessons(school) if lesson.test]
    assert max(Counter((lesson.group.form, lesson.day) for lesson in tests).values()) == 1
    assert {lesson.number for lesson in tests} <= {2, 3, 4, 5}


def test_marks_are_of_the_scale_and_mostly_good(saved: list[LessonItem]) -> None:
    marks = Counter(entry.mark for item in saved for entry in item.entries if entry.mark is not None)
    assert set(marks) == {"2", "3", "4", "5"}
    assert marks.most_common(1)[0][0] == "4"
    assert marks["2"] < marks["3"]


def test_the_body_says_only_what_was_entered(saved: list[LessonItem]) -> None:
    allowed = {"topic", "homework", "work", "entries"}
    cell = {"pupil", "mark", "attendance", "comment", "reason", "was"}
    for item in saved:
        body = item.body()
        assert set(body) <= allowed
        for entry in body.get("entries", ()):
            assert set(entry) <= cell
            assert "pupil" in entry
            assert len(entry) > 1


@pytest.mark.parametrize("today", [date(2026, 9, 1), date(2027, 1, 4), date(2027, 7, 1), date(2027, 5, 26)])
def test_there_is_a_journal_on_any_day_of_the_year(today: date) -> None:
    saved = [item for item in journal(demo_school(today)) if isinstance(item, LessonItem)]
    assert saved
    assert max(item.date for item in saved) <= min(today, school_year(today).ends)


def test_both_languages_have_texts_for_the_same_things() -> None:
    russian, english = texts("ru"), texts("en")
    assert russian.subjects.keys() == english.subjects.keys()
    for key, subject in russian.subjects.items():
        assert len(subject.topics) == len(english.subjects[key].topics), key
        assert len(subject.homework) == len(english.subjects[key].homework), key
