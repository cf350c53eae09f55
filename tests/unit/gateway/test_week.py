"""The week page: timetable, homework, marks, what waits, what is new."""

from __future__ import annotations

from datetime import UTC, date, datetime

from services.gateway.pages.week.model import Lesson, WeekPage
from tests.unit.gateway.history import ALGEBRA, FORM, ILYA, MASHA, MONDAY, OTHER_TEACHER, TUESDAY, History, small_school
from tests.unit.gateway.reading import week_of

YESTERDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def lessons(page: WeekPage, day: str) -> tuple[Lesson, ...]:
    """The rows of a day."""
    return next(one.lessons for one in page.days if one.date.isoformat() == day)


def test_lessons_come_from_the_timetable() -> None:
    [lesson] = lessons(week_of(small_school()), TUESDAY)
    assert (lesson.number, lesson.begins, lesson.ends, lesson.subject) == (2, "09:25", "10:10", "Алгебра")
    assert (lesson.room, lesson.teacher) == ("305", "Sedov И. А.")


def test_a_holiday_has_no_lessons_and_says_its_name() -> None:
    page = week_of(small_school(), day=date(2026, 11, 3))
    assert [day.holiday for day in page.days[:5]] == ["Каникулы"] * 5
    assert not any(day.lessons for day in page.days)


def test_a_lesson_recorded_without_a_slot_appears_too() -> None:
    history = small_school().lesson("2026-11-27", "LessonHeld", number=6, subject="Алгебра", teacher="sedov")
    [lesson] = lessons(week_of(history), "2026-11-27")
    assert lesson.number == 6


def test_homework_stands_where_it_was_set_and_where_it_is_due() -> None:
    history = small_school().lesson(MONDAY, "HomeworkSet", text="№ 418", due=TUESDAY)
    page = week_of(history)
    given, due = lessons(page, MONDAY)[0].given, lessons(page, TUESDAY)[0].homework
    assert given is not None and (given.text, given.due) == ("№ 418", date(2026, 11, 24))
    assert [task.text for task in due] == ["№ 418"]


def test_homework_moved_to_another_day_leaves_the_first() -> None:
    history = small_school().lesson("2026-11-17", "HomeworkSet", text="№ 418", due=MONDAY)
    history.lesson("2026-11-17", "HomeworkSet", text="№ 418", due=TUESDAY)
    page = week_of(history)
    assert lessons(page, MONDAY)[0].homework == ()
    assert [task.text for task in lessons(page, TUESDAY)[0].homework] == ["№ 418"]


def test_a_mark_carries_work_weight_comment_and_time() -> None:
    history = small_school().test(TUESDAY).grade(TUESDAY, MASHA, "5", 3, comment="чисто", kind="test")
    [mark] = lessons(week_of(history), TUESDAY)[0].marks
    assert (mark.value, mark.weight, mark.title, mark.comment) == ("5", 3, "Дроби", "чисто")
    assert mark.posted == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def test_a_test_without_a_mark_is_awaited() -> None:
    waiting = lessons(week_of(small_school().test(TUESDAY)), TUESDAY)[0].waiting
    assert waiting is not None and (waiting.subject, waiting.title) == ("Алгебра", "Дроби")


def test_nothing_is_awaited_for_an_absent_pupil_or_a_future_test() -> None:
    away = small_school().test(TUESDAY).lesson(TUESDAY, "AttendanceMarked", pupil=MASHA, state="absent", reason="ill")
    assert lessons(week_of(away), TUESDAY)[0].waiting is None
    future = small_school().test("2026-11-30")
    assert lessons(week_of(future, day=date(2026, 11, 30)), "2026-11-30")[0].waiting is None


def test_a_late_pupil_still_waits_for_the_mark() -> None:
    history = small_school().test(TUESDAY).lesson(TUESDAY, "AttendanceMarked", pupil=MASHA, state="late")
    assert lessons(week_of(history), TUESDAY)[0].waiting is not None


def test_another_teacher_in_the_lesson_is_told() -> None:
    history = small_school().lesson(TUESDAY, "LessonHeld", subject="Алгебра", teacher=OTHER_TEACHER)
    [lesson] = lessons(week_of(history), TUESDAY)
    assert lesson.change is not None and lesson.change.was == "Sedov И. А."
    assert lesson.teacher == "Orlova И. А."


def test_a_pupil_sees_no_lessons_of_the_group_after_leaving_it() -> None:
    history = small_school()
    history.add("group-algebra", "PupilUnenrolled", group=ALGEBRA, pupil=MASHA, ends=MONDAY)
    page = week_of(history)
    assert len(lessons(page, MONDAY)) == 1
    assert lessons(page, TUESDAY) == ()


def test_the_newest_timetable_that_covers_a_day_counts() -> None:
    history = small_school()
    slot = {"weekday": 2, "number": 5, "starts": "12:30", "ends": "13:15", "room": "1", "teacher": None}
    history.add("timetable-algebra", "TimetableSet", group=ALGEBRA, begins=TUESDAY, ends="2027-05-31", slots=[slot])
    page = week_of(history)
    assert [lesson.number for lesson in lessons(page, MONDAY)] == [2]
    assert [lesson.number for lesson in lessons(page, TUESDAY)] == [5]


def news(history: History) -> list[tuple[str, str | None, str | None]]:
    """What is new since yesterday."""
    since = week_of(history, since=YESTERDAY).since
    assert since is not None
    return [(item.kind, item.value, item.was) for item in since.news]


def test_since_the_last_visit_a_mark_is_new_corrected_or_withdrawn() -> None:
    fresh = small_school().grade(TUESDAY, MASHA, "3")
    assert news(fresh) == [("new", "3", None)]
    assert news(fresh.correction(TUESDAY, MASHA, "3", "4")) == [("corrected", "4", "3")]
    assert news(fresh.withdrawal(TUESDAY, MASHA, "4")) == [("withdrawn", None, "4")]


def test_what_was_there_at_the_last_visit_is_not_new() -> None:
    old = small_school().lesson(MONDAY, "LessonHeld", subject="Алгебра", teacher="sedov")
    old.grade(MONDAY, MASHA, "5", at="2026-11-23T08:00:00.000000Z")
    assert news(old) == []


def test_another_childs_marks_are_nowhere_on_the_page() -> None:
    history = small_school().pupil("olya", "Оля", FORM, ALGEBRA).grade(TUESDAY, ILYA, "2")
    page = week_of(history, since=YESTERDAY)
    assert lessons(page, TUESDAY)[0].marks == ()
    assert news(history) == []
