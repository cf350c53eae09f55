"""Digests tell documents apart and do not care about their order."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.eventsourcing.view import digest

Docs = dict[str, dict[str, object]]
DOCS = st.dictionaries(st.text(max_size=4), st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3)))


@given(DOCS, st.randoms())
def test_the_order_of_documents_and_fields_does_not_matter(docs: Docs, chance: Random) -> None:
    shuffled = [(key, dict(reversed(doc.items()))) for key, doc in docs.items()]
    chance.shuffle(shuffled)
    assert digest(shuffled) == digest(docs.items())


@given(DOCS, DOCS)
def test_other_documents_have_another_digest(one: Docs, two: Docs) -> None:
    assert (digest(one.items()) == digest(two.items())) == (one == two)


def test_a_document_under_another_id_is_another_document() -> None:
    assert digest([("a", {"n": 1})]) != digest([("b", {"n": 1})])


def test_the_digest_of_nothing_is_known() -> None:
    assert digest([]) == "0" * 32
