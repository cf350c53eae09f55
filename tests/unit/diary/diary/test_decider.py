"""Which slip opens a diary, and who sees it."""

from services.diary.diary.commands import EraseDiary, IssueSlip, LinkDiary, OpenDiary, RemoveLink
from services.diary.diary.decider import DIARY, MOST_LINKS
from services.diary.diary.events import DiaryErased, DiaryLinked, DiaryOpened, LinkRemoved, SlipIssued
from services.eventsourcing.decider import Missing
from tests.kit.given import given

OPENED = DiaryOpened(pupil="masha", school="s7")
ANNA = DiaryLinked(pupil="masha", account="anna", link="l1", title="Masha")
REMOVED = LinkRemoved(pupil="masha", account="anna", link="l1")


def slip(id, issue):
    return SlipIssued(pupil="masha", slip=id, issue=issue)


def test_a_diary_opens_once():
    decision = given().on(DIARY).when(OpenDiary("masha", "s7"))
    decision.then(OPENED)
    decision.and_when(OpenDiary("masha", "s7")).nothing()


def test_the_first_slip_opens_the_diary_if_nobody_did():
    given().on(DIARY).when(IssueSlip("masha", "s7", "a")).then(OPENED, slip("a", 1))


def test_slips_are_counted_and_the_newest_is_in_force():
    decision = given(OPENED, slip("a", 1)).on(DIARY).when(IssueSlip("masha", "s7", "b"))
    decision.then(slip("b", 2))
    assert given(OPENED, slip("a", 1), slip("b", 2)).on(DIARY).state.slip == "b"


def test_a_new_slip_keeps_the_links():
    assert given(OPENED, slip("a", 1), ANNA, slip("b", 2)).on(DIARY).state.links == {"anna": "l1"}


def test_an_account_links_a_diary_once():
    decision = given(OPENED).on(DIARY).when(LinkDiary("masha", "anna", "l1", "Masha"))
    decision.then(ANNA)
    decision.and_when(LinkDiary("masha", "anna", "l2", "Daughter")).nothing()


def test_no_more_accounts_than_allowed_see_a_diary():
    links = [DiaryLinked(pupil="masha", account=f"a{n}", link=f"l{n}", title="M") for n in range(MOST_LINKS)]
    given(OPENED, *links).on(DIARY).when(LinkDiary("masha", "anna", "l9", "Masha")).refused("links-full")


def test_a_removed_link_makes_room():
    links = [DiaryLinked(pupil="masha", account=f"a{n}", link=f"l{n}", title="M") for n in range(MOST_LINKS)]
    gone = LinkRemoved(pupil="masha", account="a0", link="l0")
    given(OPENED, *links, gone).on(DIARY).when(LinkDiary("masha", "anna", "l1", "Masha")).then(ANNA)


def test_a_link_is_removed_once():
    decision = given(OPENED, ANNA).on(DIARY).when(RemoveLink("masha", "anna", "l1"))
    decision.then(REMOVED)
    decision.and_when(RemoveLink("masha", "anna", "l1")).nothing()


def test_nobody_removes_the_link_of_another_account():
    refusal = given(OPENED, ANNA).on(DIARY).when(RemoveLink("masha", "boris", "l1")).refused("link-unknown")
    assert isinstance(refusal, Missing)


def test_a_diary_that_is_not_open_cannot_be_linked():
    given().on(DIARY).when(LinkDiary("masha", "anna", "l1", "Masha")).refused("diary-unknown")


WORDS = ("algebra.2026-11-24.2",)


def test_an_erased_pupil_s_diary_loses_its_links_and_slip():
    decision = given(OPENED, slip("a", 1), ANNA).on(DIARY).when(EraseDiary("masha", ("personal",), WORDS))
    erased = DiaryErased(pupil="masha", classes=("personal",), lessons=WORDS)
    decision.then(REMOVED, erased)
    decision.and_when(EraseDiary("masha", ("personal",), WORDS)).nothing()
    assert given(OPENED, slip("a", 1), ANNA, REMOVED, erased).on(DIARY).state.slip is None


def test_a_pupil_whose_record_is_kept_may_get_a_new_slip():
    erased = DiaryErased(pupil="masha", classes=("personal",), lessons=())
    given(OPENED, slip("a", 1), erased).on(DIARY).when(IssueSlip("masha", "s7", "b")).then(slip("b", 2))


def test_nothing_opens_the_diary_of_a_pupil_whose_record_is_gone():
    erased = DiaryErased(pupil="masha", classes=("personal", "record"), lessons=())
    past = given(OPENED, slip("a", 1), erased).on(DIARY)
    past.when(IssueSlip("masha", "s7", "b")).refused("person-erased")
    past.when(LinkDiary("masha", "anna", "l1", "Masha")).refused("person-erased")
    past.when(OpenDiary("masha", "s7")).nothing()


def test_who_is_no_pupil_has_no_diary_to_erase():
    given().on(DIARY).when(EraseDiary("anna", ("personal",), ())).nothing()
