"""Search forgives endings, typos and the wrong keyboard layout."""

from __future__ import annotations

import pytest

from services.gateway.pages.home.search import search

TEXTS = ["Электронный дневник отметки школа diary marks", "Место в детском саду kindergarten", "Кружки секции clubs"]


@pytest.mark.parametrize("query", ["дневник", "ДНЕВНИКИ", "днивник", "дневнк", "lytdybr", "diary", "dairy", "отметка"])
def test_the_diary_is_found(query: str) -> None:
    found, _ = search(query, TEXTS)
    assert found == [0]


def test_a_mended_query_is_told() -> None:
    assert search("днивник", TEXTS)[1] == "дневник"
    assert search("lytdybr", TEXTS)[1] == "дневник"
    assert search("дневники", TEXTS)[1] is None


def test_what_is_not_there_is_not_found() -> None:
    assert search("налоги", TEXTS) == ([], None)
    assert search("%00'\"$ne", TEXTS) == ([], None)
