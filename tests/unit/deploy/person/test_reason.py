"""A reason of an erasure stays for ever: it may not hold what is erased."""

from __future__ import annotations

import pytest

from deploy.diaryctl.person.erasing import NamedInReason, check_reason
from deploy.diaryctl.person.known import Known, Value

VALUES = {"last_name": "Ковалёва", "first_name": "Анна", "patronymic": "Юрьевна", "email": "anna@example.org"}
KNOWN = [Known("anna", (), frozenset(Value(field, "personal", text) for field, text in VALUES.items()), 0)]


@pytest.mark.parametrize(
    ("reason", "field"),
    [
        ("заявление Ковалёвой от 3 мая", "last_name"),
        ("просила ковалева", "last_name"),
        ("письмо Анне", "first_name"),
        ("для Юрьевны", "patronymic"),
        ("asked by anna@example.org", "email"),
    ],
)
def test_a_value_or_a_name_in_any_case_is_refused(reason: str, field: str) -> None:
    with pytest.raises(NamedInReason, match=field):
        check_reason(reason, KNOWN)


@pytest.mark.parametrize("reason", ["заявление 12/2026", "письмо аннулировано", "Юрий из канцелярии", "request 12"])
def test_other_words_are_fine(reason: str) -> None:
    check_reason(reason, KNOWN)
