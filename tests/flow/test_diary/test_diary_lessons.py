"""A teacher writes into the journal."""

from datetime import timedelta

from services.diary.group.commands import ChangeMembers, Member
from services.diary.school.commands import SetMarkScale
from services.diary.timetable.commands import SetTimetable
from services.diary.timetable.events import Slot
from services.eventsourcing.store_mongo import MongoStore


def names(school, group="alg7a"):
    return [name for name, _ in school.events(f"lesson-{group}.{school.today.isoformat()}.2")]


def test_a_lesson_is_recorded_in_one_commit(school):
    entries = [{"pupil": "masha", "mark": "5", "comment": "Well argued"}, {"pupil": "lev", "attendance": "ill"}]
    work = {"kind": "test", "title": "Fractions", "weight": 3}
    answer = school.lesson({"topic": "Fractions", "work": work, "entries": entries})
    assert answer.json == {
        "lesson": f"alg7a.{school.today.isoformat()}.2",
        "stream": f"lesson-alg7a.{school.today.isoformat()}.2",
        "version": 5,
        "repeated": False,
    }
    assert names(school) == ["LessonHeld", "TopicSet", "WorkSet", "GradePosted", "AttendanceMarked"]
    assert len(school.core.store.read(answer.json["stream"])) == 1


def test_a_comment_is_sealed_in_the_store(school):
    stream = school.lesson({"entries": [{"pupil": "masha", "mark": "5", "comment": "Well argued"}]}).json["stream"]
    (commit,) = school.core.store.read(stream)
    assert commit.events[1].data["comment"]["$sealed"]["s"] == "masha/personal"
    assert school.events(stream)[1][1]["comment"] == "Well argued"


def test_the_words_of_a_correction_are_sealed_like_the_name(school):
    stream = school.lesson({"entries": [{"pupil": "masha", "mark": "5"}]}).json["stream"]
    school.lesson({"entries": [{"pupil": "masha", "mark": "4", "reason": "was ill"}]})
    *_, commit = school.core.store.read(stream)
    assert commit.events[0].data["reason"]["$sealed"]["s"] == "masha/record"
    assert school.events(stream)[-1][1]["reason"] == "was ill"


def test_the_same_key_again_answers_the_same_and_writes_once(school):
    body = {"entries": [{"pupil": "masha", "mark": "5"}]}
    first, second = (school.lesson(body, key="k1").json for _ in range(2))
    assert (first["version"], second["version"], second["repeated"]) == (2, 2, True)


def test_a_cell_changed_meanwhile_is_a_conflict_that_tells_what_is_there(school):
    school.lesson({"entries": [{"pupil": "masha", "mark": "5"}]})
    seen = {"pupil": "masha", "mark": "3", "was": {"mark": "4", "attendance": None}}
    answer = school.lesson({"entries": [seen]})
    assert (answer.status_code, answer.json["code"]) == (409, "cell-changed")
    assert answer.json["params"] == {"pupil": "masha", "mark": "5", "attendance": None}


def test_homework_without_a_day_is_due_at_the_next_lesson(school):
    tomorrow = school.today + timedelta(days=1)
    slot = Slot(weekday=tomorrow.isoweekday(), number=1, starts="08:30", ends="09:15", room="305")
    school.run(SetTimetable("alg7a", school.today, school.today + timedelta(days=90), (slot,)))
    answer = school.lesson({"homework": {"text": "Exercise 5"}})
    assert school.events(answer.json["stream"])[1][1]["due"] == tomorrow.isoformat()


def test_a_foreign_group_and_an_unknown_one_look_the_same(school):
    foreign, unknown = (school.lesson({"topic": "Fractions"}, "ivanov", group) for group in ("alg7a", "unknown"))
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json == unknown.json


def test_an_administrator_of_the_school_writes_for_the_teacher(school):
    answer = school.lesson({"topic": "Fractions"}, "petrova")
    assert answer.status_code == 200
    assert school.events(answer.json["stream"])[0][1]["teacher"] == "sedov"


def test_a_substitute_writes_on_the_day_of_the_assignment_only(school):
    yesterday = school.today - timedelta(days=1)
    school.run(ChangeMembers("alg7a", teachers=(Member("orlova", yesterday, yesterday),)))
    answers = [
        school.post(f"/lessons/alg7a/{day.isoformat()}/1", {"topic": "Fractions"}, "orlova")
        for day in (yesterday, school.today)
    ]
    assert [answer.status_code for answer in answers] == [200, 403]
    assert answers[1].json["code"] == "not-your-lesson"


def test_parents_do_not_write_into_journals(school):
    path = f"/lessons/alg7a/{school.today.isoformat()}/2"
    assert school.post(path, {"topic": "Fractions"}, "sedov", "portal").status_code == 403


def test_the_school_decides_about_the_mark_one(school):
    body = {"entries": [{"pupil": "masha", "mark": "1"}]}
    assert school.lesson(body).json["code"] == "mark-unknown"
    school.run(SetMarkScale("s7", ("1", "2", "3", "4", "5")))
    assert school.lesson(body).status_code == 200


def test_an_address_that_is_no_lesson_is_not_found(school):
    for path in ("2026-13-01/1", "20261124/1", "2026-11-24/0", "2026-11-24/21", "today/1"):
        assert school.post(f"/lessons/alg7a/{path}", {"topic": "x"}, "sedov").status_code == 404


def test_what_is_not_as_expected_names_its_field(school):
    wrong = {
        "entries.0.mark": {"entries": [{"pupil": "masha", "mark": "5555"}]},
        "entries": {"entries": [{"pupil": "masha"}, {"pupil": "masha"}]},
        "entries.0.attendance": {"entries": [{"pupil": "masha", "attendance": "away"}]},
        "work.weight": {"work": {"kind": "test", "weight": 11}},
        "homework.text": {"homework": {"text": ""}},
        "colour": {"colour": "red"},
    }
    answers = {field: school.lesson(body) for field, body in wrong.items()}
    assert {field: (answer.status_code, answer.json["field"]) for field, answer in answers.items()} == {
        field: (422, field) for field in wrong
    }


def test_a_full_column_of_marks_costs_two_reads_and_one_write(school, monkeypatch):
    pupils = [f"pupil-{number}" for number in range(25)]
    school.run(ChangeMembers("alg7a", pupils=tuple(Member(pupil) for pupil in pupils)))
    school.rewire()
    asked = []
    for name in ("read", "append", "by_command"):
        counted(monkeypatch, name, asked)
    answer = school.lesson({"entries": [{"pupil": one, "mark": "5"} for one in pupils]})
    assert answer.json["version"] == 26
    assert asked == ["read", "read", "append"]


def counted(monkeypatch, name, asked):
    """Note each call of the store before making it."""
    original = getattr(MongoStore, name)
    monkeypatch.setattr(MongoStore, name, lambda *args, **kwargs: asked.append(name) or original(*args, **kwargs))
