"""What is refused, what is only remarked, and that one bad row costs nobody else anything."""

from pathlib import Path

import pytest

from services.diary.importing.oneroster.problems import SENTENCES
from tests.unit.diary.importing.oneroster.sets import SMALL, changed, codes, take, with_rows


def test_the_small_set_is_taken_whole(tmp_path: Path) -> None:
    report = take(tmp_path, SMALL).report.to_json()
    assert report["users"] == {
        "taken": 4, "unchanged": 0, "refused": 0, "pupils": 2, "teachers": 1, "others": 1,
    }  # fmt: skip
    assert (report["refused_rows"], report["warnings"]) == ([], [])


@pytest.mark.parametrize(
    ("file", "row", "column", "code"),
    [
        ("enrollments.csv", "e7,,nowhere,u2,student,,,", "classSourcedId", "class_unknown"),
        ("enrollments.csv", "e7,,h1,nobody,student,,,", "userSourcedId", "user_unknown"),
        ("enrollments.csv", "e7,,h1,u2,king,,,", "role", "enrolment_role_unknown"),
        ("enrollments.csv", "e7,,h1,u2,student,,soon,", "beginDate", "date_unreadable"),
        ("enrollments.csv", "e7,,h1,u2,student,,2026-09-02,2026-09-01", "endDate", "dates_reversed"),
        ("enrollments.csv", ",,h1,u2,student,,,", "sourcedId", "id_missing"),
        ("enrollments.csv", "e6,,h1,u3,teacher,,,", "sourcedId", "duplicate_id"),
        ("classes.csv", "h2,,7C,07,,homeroom,elsewhere,", "schoolSourcedId", "school_unknown"),
        ("classes.csv", "h2,,,07,,homeroom,s1,", "title", "value_missing"),
        ("users.csv", "u5,,s1,student,,Stone,,,07", "givenName", "name_missing"),
        ("users.csv", "u5,,s1,student,Ann,,,,07", "familyName", "name_missing"),
        ("academicSessions.csv", "t2,,Q2,term,2026-13-01,2026-12-31,y1", "startDate", "date_unreadable"),
        ("academicSessions.csv", "t2,,Q2,term,,2026-12-31,y1", "startDate", "value_missing"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_column(
    tmp_path: Path, file: str, row: str, column: str, code: str
) -> None:
    whole = take(tmp_path / "whole", SMALL)
    line = SMALL[file].count("\n") + 1
    prepared = take(tmp_path, with_rows(file, row))
    assert codes(prepared) == [(file, line, column, code)]
    assert prepared.plan == whole.plan


def test_one_refused_enrolment_leaves_its_class_alone(tmp_path: Path) -> None:
    prepared = take(tmp_path, with_rows("enrollments.csv", "e7,,h1,nobody,student,,,"))
    assert len(prepared.plan.groups[0].pupils) == 2


def test_a_refused_person_takes_their_own_enrolments_with_them_only(tmp_path: Path) -> None:
    prepared = take(tmp_path, changed(users=SMALL["users.csv"].replace("Bob,Field", ",Field")))
    assert [(file, code) for file, _, _, code in codes(prepared)] == [
        ("enrollments.csv", "user_unknown"),
        ("enrollments.csv", "user_unknown"),
        ("users.csv", "name_missing"),
    ]
    assert len(prepared.plan.pupils) == 1


@pytest.mark.parametrize(
    ("file", "row", "code"),
    [
        ("classes.csv", "h2,,7C,07,nothing,homeroom,s1,t1", "course_unknown"),
        ("classes.csv", 'h2,,7C,07,,homeroom,s1,"t1, t9"', "term_unknown"),
        ("classes.csv", "h2,,7C,07,,club,s1,t1", "type_unknown"),
        ("orgs.csv", "s2,,School 2,school,s9", "parent_unknown"),
        ("users.csv", "u5,,s9,student,Ann,Stone,,,", "org_unknown"),
        ("users.csv", "u5,,s1,student,Ann,Stone,,u9,", "agent_unknown"),
        ("users.csv", "u5,,s1,wizard,Ann,Stone,,,", "role_unknown"),
        ("users.csv", "u5,sleeping,s1,student,Ann,Stone,,,", "status_unknown"),
        ("enrollments.csv", "e7,,h1,u2,student,,2026-09-01,", "enrolled_twice"),
        ("enrollments.csv", "e7,,h1,u1,aide,,,", "role_not_used"),
        ("enrollments.csv", "e7,,g1,u1,student,,,", "also_pupil"),
    ],
)
def test_an_odd_row_is_taken_with_a_warning(tmp_path: Path, file: str, row: str, code: str) -> None:
    prepared = take(tmp_path, with_rows(file, row))
    assert [(c.file, c.line, c.code) for c in prepared.report.cautions] == [(file, SMALL[file].count("\n") + 1, code)]
    assert not prepared.report.refusals


def test_a_row_said_twice_is_unchanged_the_second_time(tmp_path: Path) -> None:
    prepared = take(tmp_path, with_rows("users.csv", "u1,,s1,teacher,Ann,Stone,,,"))
    users = prepared.report.counts["users"]
    assert (users.taken, users.unchanged, users.refused) == (4, 1, 0)


def test_every_refusal_speaks_both_languages(tmp_path: Path) -> None:
    prepared = take(tmp_path, with_rows("enrollments.csv", "e7,,nowhere,u2,student,,,"))
    english, russian = (prepared.report.to_json(lang)["refused_rows"][0]["reason"] for lang in ("en", "ru"))
    assert english == "There is no class nowhere in the set, or its row was refused."
    assert russian == "Класса nowhere нет в наборе, или его строка отклонена."


def test_both_sentences_of_a_code_take_the_same_parameters() -> None:
    for code, (english, russian) in SENTENCES.items():
        for name in ("{value}", "{column}", "{first}"):
            assert (name in english) == (name in russian), code
