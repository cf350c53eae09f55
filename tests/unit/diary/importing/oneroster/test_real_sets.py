"""Sets that other people made: every count is the one their description states."""

from pathlib import Path

import pytest

from services.diary.importing.oneroster.prepare import Prepared, prepare
from tests.unit.diary.importing.oneroster.sets import TODAY, real, stated

GENERATED_SCHOOL = "oneroster-1.1-generated-school"
GENERATED_DISTRICT = "oneroster-1.1-generated-district"
LEPO = "oneroster-1.1-lepo-en"
OAT = "oneroster-1.1-oat-base"
MOODLE = "oneroster-1.1-1.2-moodle"
FILES = {
    "orgs": "orgs",
    "sessions": "academicSessions",
    "courses": "courses",
    "users": "users",
    "classes": "classes",
    "enrolments": "enrollments",
}


def taken(name: str, inside: str = "") -> Prepared:
    return prepare(real(name) / inside, TODAY)


def assert_counts_as_stated(prepared: Prepared, folder: Path) -> None:
    expected = {kind: stated(folder).get(file, 0) for kind, file in FILES.items()}
    assert {kind: count.taken for kind, count in prepared.report.counts.items()} == expected
    assert not prepared.report.refusals


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        (GENERATED_SCHOOL, ""),
        (GENERATED_DISTRICT, "oneroster.zip"),
        (LEPO, ""),
        (LEPO, "oneroster.zip"),
        (OAT, ""),
        (MOODLE, "v1p1-full"),
        (MOODLE, "v1p2-full"),
    ],
)
def test_every_row_the_description_counts_is_taken(name: str, inside: str) -> None:
    assert_counts_as_stated(taken(name, inside), real(name))


@pytest.mark.parametrize("name", [GENERATED_SCHOOL, GENERATED_DISTRICT])
def test_pupils_teachers_and_others_are_as_many_as_described(name: str) -> None:
    expected = stated(real(name))
    assert taken(name).report.people == {
        "pupils": expected["student"],
        "teachers": expected["teacher"],
        "others": expected["administrator"],
    }


@pytest.mark.parametrize("name", [GENERATED_SCHOOL, GENERATED_DISTRICT])
def test_a_clean_set_gives_no_warning_either(name: str) -> None:
    assert not taken(name).report.cautions


def test_a_folder_with_nothing_but_a_zip_is_read_as_the_zip() -> None:
    assert taken(GENERATED_DISTRICT).plan == taken(GENERATED_DISTRICT, "oneroster.zip").plan


def test_loose_files_and_the_zip_of_the_same_set_give_the_same_plan() -> None:
    assert taken(LEPO).plan == taken(LEPO, "oneroster.zip").plan


def test_those_who_teach_are_teachers_though_users_calls_everybody_a_student() -> None:
    lepo = taken(LEPO)
    assert lepo.report.people == {"pupils": 18, "teachers": 2, "others": 0}
    assert [person.last_name for person in lepo.plan.staff] == ["FN 01", "FN 02"]
    assert not {person.id for person in lepo.plan.staff} & {pupil.id for pupil in lepo.plan.pupils}


def test_absent_terms_are_warned_about_and_the_classes_stay() -> None:
    oat = taken(OAT)
    assert [c.line for c in oat.report.cautions if c.code == "term_unknown"] == [2, 3, 4]
    assert len(oat.plan.groups) == 3


def test_subjects_that_are_codes_give_way_to_the_title() -> None:
    assert {group.subject for group in taken(OAT).plan.groups} == {
        "Class 1 title",
        "Class 2 title",
        "Class 3 title",
    }


@pytest.mark.parametrize("version", ["v1p1-full", "v1p2-full"])
def test_a_class_to_be_deleted_ends_its_memberships_and_is_kept(version: str) -> None:
    groups = {group.title: group for group in taken(MOODLE, version).plan.groups}
    assert all(member.ended for member in groups["History - 2"].pupils)
    assert len(groups["History - 2"].pupils) == 2
    assert not any(member.ended for member in groups["Introduction to Physics"].pupils)


@pytest.mark.parametrize("version", ["v1p1-full", "v1p2-full"])
def test_absent_courses_and_parents_are_warned_about(version: str) -> None:
    cautions = [c.code for c in taken(MOODLE, version).report.cautions]
    assert cautions.count("course_unknown") == 2
    assert cautions.count("parent_unknown") == 3


def test_roles_of_version_1_2_come_from_their_own_file() -> None:
    plan = taken(MOODLE, "v1p2-full").plan
    roles = {person.last_name: person.roles for person in plan.staff}
    assert roles == {"Doe": ("teacher",), "Smith": ("teacher",), "Jones": ("administrator",)}


def test_a_parent_is_joined_to_the_pupil_they_name() -> None:
    plan = taken(MOODLE, "v1p1-full").plan
    mary = next(pupil for pupil in plan.pupils if pupil.first_name == "Mary")
    assert [(person.first_name, person.pupils) for person in plan.persons] == [("Thomas", (mary.id,))]


def test_the_parent_folder_of_two_sets_is_refused_with_their_names() -> None:
    with pytest.raises(ValueError, match="v1p1-full, v1p2-full"):
        prepare(real(MOODLE), TODAY)


def test_most_groups_of_the_district_find_their_form_class() -> None:
    plan = taken(GENERATED_DISTRICT).plan
    classes = {group.id: group for group in plan.groups if group.kind == "class"}
    subjects = [group for group in plan.groups if group.kind == "subject" and group.form is not None]
    assert subjects
    assert all(classes[group.form].school == group.school for group in subjects if group.form is not None)
