"""What counts as the same answer to a security question."""

import pytest

from services.identity.account.answer_store import normalised


@pytest.mark.parametrize("spelling", ["Ёлочная улица", " елочная  УЛИЦА ", "елочнаяулица"])
def test_case_spaces_and_dots_do_not_count(spelling: str) -> None:
    assert normalised(spelling) == normalised("Ёлочная улица")
