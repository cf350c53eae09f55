"""The roster goes through the importer everybody uses, and the ids agree with the journal's."""

from datetime import date
from pathlib import Path

import pytest

from deploy.demo.items import LessonItem, TimetableItem
from deploy.demo.journal import journal
from deploy.demo.roster import files, write_folder, write_zip
from deploy.demo.school import SOURCE, DemoSchool, demo_school, id_of
from services.diary.importing.oneroster.prepare import Prepared, prepare

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module", params=["ru", "en"])
def school(request: pytest.FixtureRequest) -> DemoSchool:
    return demo_school(TODAY, lang=request.param)


@pytest.fixture(scope="module")
def prepared(school: DemoSchool, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare(write_zip(school, tmp_path_factory.mktemp("demo") / "demo.zip"), TODAY)


def test_the_importer_takes_every_row_without_a_word(prepared: Prepared) -> None:
    report = prepared.report.to_json()
    assert (report["refused_rows"], report["warnings"]) == ([], [])
    assert report["users"]["pupils"] == 72
    assert report["users"]["teachers"] == 12
    assert report["classes"]["taken"] == 3 + 45


def test_the_ids_of_the_plan_are_those_of_the_journal(school: DemoSchool, prepared: Prepared) -> None:
    groups = {group.id: group for group in prepared.plan.groups}
    assert prepared.plan.schools[0].id == id_of("org", SOURCE)
    for item in journal(school):
        if isinstance(item, TimetableItem):
            assert {slot.teacher for slot in item.slots} == {m.person for m in groups[item.group].teachers}
        if isinstance(item, LessonItem):
            members = {member.person for member in groups[item.group].pupils}
            assert {entry.pupil for entry in item.entries} <= members
            assert item.subject == groups[item.group].subject


def test_every_teaching_group_finds_its_class(school: DemoSchool, prepared: Prepared) -> None:
    forms = {group.id: group.title for group in prepared.plan.groups if group.kind == "class"}
    assert sorted(forms.values()) == [school.form_title(form) for form in "abc"]
    for group in prepared.plan.groups:
        assert group.kind == "class" or group.form in forms


def test_class_teachers_and_the_head_are_known_as_such(school: DemoSchool, prepared: Prepared) -> None:
    for group in prepared.plan.groups:
        if group.kind == "class":
            assert [member.primary for member in group.teachers] == [True]
    assert [person.id for person in prepared.plan.staff if "head" in person.roles] == [id_of("user", "staff-head")]


def test_parents_are_joined_to_their_children(school: DemoSchool, prepared: Prepared) -> None:
    assert sorted(len(person.pupils) for person in prepared.plan.persons) == [1, 1, 1, 2]


def test_folder_and_zip_are_the_same_set(school: DemoSchool, prepared: Prepared, tmp_path: Path) -> None:
    assert prepare(write_folder(school, tmp_path / "demo"), TODAY).plan == prepared.plan


def test_the_zip_is_the_same_every_time(school: DemoSchool, tmp_path: Path) -> None:
    one, two = write_zip(school, tmp_path / "one.zip"), write_zip(demo_school(TODAY, lang=school.lang), tmp_path / "2")
    assert one.read_bytes() == two.read_bytes()
    assert "metadata.position" in files(school)["users.csv"]
