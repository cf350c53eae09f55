"""Averages: exact, weighted, rounded half up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, strategies

from services.gateway.averages import average, totals
from services.gateway.pages.shared import Mark

DAY = date(2026, 11, 24)


def marks(*pairs: tuple[str, int]) -> list[Mark]:
    """Marks from (value, weight)."""
    return [Mark(str(place), value, DAY, "Алгебра", weight=weight) for place, (value, weight) in enumerate(pairs)]


def test_the_worked_example_of_the_rules() -> None:
    example = marks(("5", 3), ("5", 1), ("4", 5))
    assert totals(example) == (40, 9)
    assert average(example) == Decimal("4.44")


def test_an_exact_half_is_rounded_up() -> None:
    assert average(marks(("4", 7), ("5", 1))) == Decimal("4.13")  # 33 / 8 = 4.125


def test_no_marks_have_no_average() -> None:
    assert average([]) is None


def test_what_is_no_number_does_not_count() -> None:
    assert average(marks(("зач", 1), ("5", 1))) == Decimal("5.00")


@given(strategies.lists(strategies.tuples(strategies.sampled_from("2345"), strategies.integers(1, 10)), min_size=1))
def test_it_is_the_exact_fraction_rounded_once(pairs: list[tuple[str, int]]) -> None:
    exact = Fraction(sum(int(value) * weight for value, weight in pairs), sum(weight for _, weight in pairs))
    assert average(marks(*pairs)) == Decimal(int(exact * 100 + Fraction(1, 2))) / 100
