"""A school in the diary."""

from datetime import date

from services.diary.school.commands import (
    ChangeSchoolDetails,
    OpenSchool,
    SetBells,
    SetHolidays,
    SetMarkScale,
    SetTerms,
)
from services.diary.school.decider import SCHOOL
from services.diary.school.events import (
    Bell,
    BellsSet,
    Holiday,
    HolidaysSet,
    MarkScaleSet,
    SchoolDetailsChanged,
    SchoolOpened,
    Term,
    TermsSet,
)
from tests.kit.given import given

OPENED = SchoolOpened(school="s7", name="School 7", kind="school", parent=None)
AUTUMN = Term(term="q1", title="1", kind="term", begins=date(2026, 9, 1), ends=date(2026, 10, 25), parent="y")
OPEN = OpenSchool("s7", "School 7", "school", terms=(AUTUMN,))


def details(**changes):
    usual = dict.fromkeys(("parent", "address", "phone", "email", "site"))
    return SchoolDetailsChanged(**{**usual, "school": "s7", "name": "School 7", "kind": "school", **changes})


def test_a_school_opens_with_its_terms_in_one_commit():
    given().on(SCHOOL).when(OPEN).then(OPENED, TermsSet(school="s7", terms=(AUTUMN,)))


def test_the_same_import_again_changes_nothing():
    given().on(SCHOOL).when(OPEN).and_when(OPEN).nothing()


def test_an_import_with_another_name_renames_the_school_and_keeps_its_address():
    past = (OPENED, details(address="1 Field Street"))
    expected = details(name="Lyceum 7", address="1 Field Street")
    given(*past).on(SCHOOL).when(OpenSchool("s7", "Lyceum 7", "school")).then(expected)


def test_details_change():
    command = ChangeSchoolDetails("s7", phone="+7 900 000-00-00")
    given(OPENED).on(SCHOOL).when(command).then(details(phone="+7 900 000-00-00"))


def test_bells_and_holidays_are_set_once():
    bells = (Bell(number=1, starts="08:30", ends="09:15"),)
    days = (Holiday(begins=date(2026, 11, 4), ends=date(2026, 11, 4), title="Unity Day"),)
    decision = given(OPENED).on(SCHOOL).when(SetBells("s7", bells))
    decision.then(BellsSet(school="s7", bells=bells))
    decision.and_when(SetHolidays("s7", days)).then(HolidaysSet(school="s7", days=days))
    decision.and_when(SetBells("s7", bells)).nothing()


def test_a_term_does_not_end_before_it_begins():
    wrong = Term(term="q1", title="1", kind="term", begins=date(2026, 9, 1), ends=date(2026, 8, 1))
    given(OPENED).on(SCHOOL).when(SetTerms("s7", (wrong,))).refused("ends-before-it-begins")


def test_a_school_may_choose_to_use_the_mark_one():
    marks = ("1", "2", "3", "4", "5")
    given(OPENED).on(SCHOOL).when(SetMarkScale("s7", marks)).then(MarkScaleSet(school="s7", marks=marks))


def test_a_scale_of_other_marks_is_refused():
    given(OPENED).on(SCHOOL).when(SetMarkScale("s7", ("A", "B"))).refused("marks-unknown")


def test_a_school_that_was_never_opened_cannot_be_changed():
    given().on(SCHOOL).when(SetBells("s7", ())).refused("school-unknown")
