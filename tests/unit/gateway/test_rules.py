"""Who may what: the policy alone."""

from __future__ import annotations

from typing import Any

import pytest

from services.gateway.access.rules import (
    VISITOR,
    Who,
    children,
    may_print_slips,
    may_read_class,
    may_read_journal,
    may_write_journal,
    who_is,
)

TODAY = "2026-11-24"
ALGEBRA = {"kind": "subject", "school": "s", "form": "6b"}
FORM = {"kind": "class", "school": "s", "form": None}


def staff(*roles: str, school: str = "s", left: bool = False, **groups: dict[str, Any]) -> Who:
    """A member of staff with these roles and stays."""
    return who_is("staff", "t", {"person": {"school": school, "roles": list(roles), "left": left}, "groups": groups})


def stay(begins: str | None = None, ends: str | None = None, *, primary: bool = False) -> dict[str, Any]:
    """From when to when."""
    return {"begins": begins, "ends": ends, "primary": primary}


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        (staff("teacher", alg=stay()), True, True),
        (staff("teacher", alg=stay("2026-09-01", TODAY)), True, True),
        (staff("teacher", alg=stay(ends="2026-11-23")), False, False),
        (staff("teacher", alg=stay("2026-11-25")), False, False),
        (staff("teacher", other=stay()), False, False),
        (staff("teacher", **{"6b": stay(primary=True)}), True, False),
        (staff("teacher", **{"6b": stay()}), False, False),
        (staff("head"), True, False),
        (staff("administrator"), True, True),
        (staff("head", school="another"), False, False),
        (staff("administrator", school="another"), False, False),
        (Who("family", "t", {"groups": {"alg": stay()}}), False, False),
        (VISITOR, False, False),
    ],
)
def test_who_reads_and_who_writes_a_journal(who: Who, reads: bool, writes: bool) -> None:
    assert may_read_journal(who, "alg", ALGEBRA, TODAY) is reads
    assert may_write_journal(who, "alg", ALGEBRA, TODAY) is writes


@pytest.mark.parametrize(
    ("who", "reads", "prints"),
    [
        (staff("teacher", **{"6b": stay(primary=True)}), True, True),
        (staff("teacher", **{"6b": stay()}), False, False),
        (staff("head"), True, False),
        (staff("administrator"), True, True),
        (staff("administrator", school="another"), False, False),
    ],
)
def test_who_reads_a_class_and_who_prints_its_slips(who: Who, reads: bool, prints: bool) -> None:
    assert may_read_class(who, "6b", FORM, TODAY) is reads
    assert may_print_slips(who, "6b", FORM, TODAY) is prints


def test_a_teaching_group_is_no_class() -> None:
    who = staff("administrator", alg=stay(primary=True))
    assert not may_read_class(who, "alg", ALGEBRA, TODAY)
    assert not may_print_slips(who, "alg", ALGEBRA, TODAY)


def test_staff_who_left_or_whose_account_is_closed_are_nobody() -> None:
    assert staff("head", left=True) == VISITOR
    assert who_is("staff", "t", {"staff": {"closed": True}}) == VISITOR


def test_only_a_family_has_children() -> None:
    linked = {"children": {"masha": {"link": "l", "title": "Дочь", "since": "x"}}}
    assert list(children(Who("family", "a", linked))) == ["masha"]
    assert children(Who("staff", "a", linked)) == {}
