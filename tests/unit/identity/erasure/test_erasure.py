"""An erasure is requested, complete, and never the same twice."""

from services.identity.erasure.commands import CompleteErasure, RequestErasure
from services.identity.erasure.decider import ERASURE
from services.identity.erasure.events import ErasureRequested, PersonErased
from tests.kit.given import given

ASKED = ErasureRequested(person="p", classes=("personal",), reason="request 12")
DONE = PersonErased(person="p", classes=("personal",), kept=("record",))


def test_a_request_becomes_an_event_and_is_unfinished_until_complete() -> None:
    given().on(ERASURE).when(RequestErasure("p", ("personal",), "request 12")).then(ASKED)
    assert given(ASKED).on(ERASURE).state.unfinished
    given(ASKED).on(ERASURE).when(CompleteErasure("p")).then(DONE)
    assert not given(ASKED, DONE).on(ERASURE).state.unfinished


def test_asking_again_changes_nothing() -> None:
    given(ASKED).on(ERASURE).when(RequestErasure("p", ("personal",), "other words")).nothing()
    given(ASKED, DONE).on(ERASURE).when(CompleteErasure("p")).nothing()


def test_what_the_law_kept_may_follow_later() -> None:
    later = given(ASKED, DONE).on(ERASURE).when(RequestErasure("p", ("personal", "record"), "retention ended"))
    later.then(ErasureRequested(person="p", classes=("record",), reason="retention ended"))
    complete = PersonErased(person="p", classes=("personal", "record"), kept=())
    later.and_when(CompleteErasure("p")).then(complete)


def test_nothing_is_complete_that_nobody_asked_for() -> None:
    given().on(ERASURE).when(CompleteErasure("p")).nothing()


def test_a_class_that_does_not_exist_is_refused() -> None:
    given().on(ERASURE).when(RequestErasure("p", ("marks",), "x")).refused("class-unknown")
