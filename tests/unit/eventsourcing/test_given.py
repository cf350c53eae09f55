"""The words of decider tests can fail."""

import pytest

from tests.kit.given import given
from tests.kit.toy import BookEmptied, EmptyBook, PageWritten, Write, book

WRITTEN = PageWritten(book="b1", text="one")


def test_the_right_story_holds() -> None:
    given().on(book).when(Write("b1", ("one",))).then(WRITTEN)
    given(WRITTEN).on(book).when(EmptyBook("b1")).then(BookEmptied(book="b1"))
    given(WRITTEN).on(book).when(Write("b1", ("one",))).refused("page-exists")
    given().on(book).when(EmptyBook("b1")).nothing()
    given().on(book).when(Write("b1", ("one",))).and_when(EmptyBook("b1")).then(BookEmptied(book="b1"))


def test_a_wrong_story_fails() -> None:
    decision = given(WRITTEN).on(book).when(EmptyBook("b1"))
    for wrong in (decision.nothing, lambda: decision.then(WRITTEN)):
        with pytest.raises(AssertionError):
            wrong()
    with pytest.raises(pytest.fail.Exception):
        decision.refused("page-exists")
    with pytest.raises(AssertionError):
        given(WRITTEN).on(book).when(Write("b1", ("one",))).refused("another-code")
