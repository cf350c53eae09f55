"""The plan: stable ids, form classes, ended memberships, subjects, schools in order."""

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from services.diary.importing.oneroster.prepare import prepare
from services.eventsourcing.ids import derived_id
from tests.unit.diary.importing.oneroster.sets import SMALL, TODAY, changed, take, with_rows, write


def test_importing_again_names_the_same_streams(tmp_path: Path) -> None:
    assert take(tmp_path / "one", SMALL).plan == take(tmp_path / "two", SMALL).plan


def test_ids_come_from_the_source_the_kind_and_the_sourced_id(tmp_path: Path) -> None:
    folder = write(tmp_path, SMALL)
    assert prepare(folder, TODAY).plan.schools[0].id == derived_id("oneroster", "s1", "org", "s1")
    assert prepare(folder, TODAY, "town").plan.schools[0].id == derived_id("oneroster", "town", "org", "s1")


def test_a_teaching_group_belongs_to_the_class_its_pupils_share(tmp_path: Path) -> None:
    form, group = take(tmp_path, SMALL).plan.groups
    assert (form.kind, group.kind, group.form) == ("class", "subject", form.id)
    assert (group.subject, group.grade) == ("Algebra", "7")


def test_a_mixed_group_belongs_to_no_class(tmp_path: Path) -> None:
    files = with_rows("enrollments.csv", *(f"m{n},,g1,m{n},student,,," for n in range(2)))
    files["users.csv"] += "".join(f"m{n},,s1,student,A,B,,,07\n" for n in range(2))
    assert take(tmp_path, files).plan.groups[-1].form is None


def test_the_class_teacher_is_the_primary_one(tmp_path: Path) -> None:
    plan = take(tmp_path, SMALL).plan
    assert [(t.person, t.primary) for t in plan.groups[0].teachers] == [(plan.staff[0].id, True)]


@pytest.mark.parametrize("status", ["inactive", "tobedeleted", "ToBeDeleted"])
def test_an_ended_row_ends_the_membership_on_the_day_it_was_changed(tmp_path: Path, status: str) -> None:
    header = "sourcedId,status,dateLastModified,classSourcedId,userSourcedId,role,beginDate\n"
    rows = f"e1,{status},2026-10-05T10:00:00Z,h1,u2,student,2026-09-01\n"
    member = take(tmp_path, changed(enrollments=header + rows)).plan.groups[0].pupils[0]
    assert (member.ended, member.begins, member.ends) == (True, date(2026, 9, 1), date(2026, 10, 5))


def test_an_ended_row_without_any_day_ends_today(tmp_path: Path) -> None:
    rows = SMALL["enrollments.csv"].replace("e2,,", "e2,inactive,")
    ended = [m for m in take(tmp_path, changed(enrollments=rows)).plan.groups[0].pupils if m.ended]
    assert [member.ends for member in ended] == [TODAY]


def test_a_pupil_who_left_is_still_in_the_plan(tmp_path: Path) -> None:
    users = SMALL["users.csv"].replace("u2,,", "u2,tobedeleted,")
    plan = take(tmp_path, changed(users=users)).plan
    assert sorted(pupil.left for pupil in plan.pupils) == [False, True]
    assert sorted(member.ended for member in plan.groups[0].pupils) == [False, True]


def test_somebody_who_came_back_is_a_member_again(tmp_path: Path) -> None:
    rows = SMALL["enrollments.csv"].replace("e2,,", "e2,inactive,") + "e7,,h1,u2,student,,2026-11-01,\n"
    plan = take(tmp_path, changed(enrollments=rows)).plan
    assert [member.ended for member in plan.groups[0].pupils] == [False, False]
    assert date(2026, 11, 1) in [member.begins for member in plan.groups[0].pupils]


def test_terms_keep_their_kind_and_place(tmp_path: Path) -> None:
    year, quarter = take(tmp_path, SMALL).plan.schools[0].terms
    assert (year.kind, quarter.kind, quarter.parent) == ("year", "term", year.id)


def test_a_session_no_longer_in_force_leaves_the_calendar(tmp_path: Path) -> None:
    sessions = SMALL["academicSessions.csv"].replace("t1,,", "t1,tobedeleted,")
    assert [t.kind for t in take(tmp_path, changed(academicSessions=sessions)).plan.schools[0].terms] == ["year"]


def test_a_district_comes_before_its_schools(tmp_path: Path) -> None:
    orgs = "sourcedId,name,type,parentSourcedId\ns1,School 1,school,z9\nz9,District,district,\n"
    assert [school.kind for school in take(tmp_path, changed(orgs=orgs)).plan.schools] == [
        "district",
        "school",
    ]


def test_organisations_in_a_ring_are_still_taken(tmp_path: Path) -> None:
    orgs = "sourcedId,name,type,parentSourcedId\ns1,School 1,school,s2\ns2,School 2,school,s1\n"
    assert len(take(tmp_path, changed(orgs=orgs)).plan.schools) == 2


def test_every_taken_row_is_held_by_some_intent(tmp_path: Path) -> None:
    prepared = take(tmp_path, with_rows("enrollments.csv", "e7,,h1,u1,aide,,,"))
    rows = set()
    for intent in (intent for stage in prepared.plan.stages() for intent in stage):
        parts = [intent, *(getattr(intent, "terms", ())), *getattr(intent, "pupils", ())]
        for part in [*parts, *getattr(intent, "teachers", ())]:
            rows.update((row.file, row.line) for row in getattr(part, "rows", ()))
    assert len(rows) == sum(count.taken for count in prepared.report.counts.values())


def test_what_a_run_found_unchanged_moves_from_taken(tmp_path: Path) -> None:
    prepared = take(tmp_path, SMALL)
    report = prepared.report.with_outcome(row for pupil in prepared.plan.pupils for row in pupil.rows)
    assert dataclasses.astuple(report.counts["users"]) == (2, 2, 0)
