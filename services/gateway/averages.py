"""Averages of marks with exact decimals: sum(mark * weight) / sum(weight), two digits, halves up."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from services.gateway.pages.shared import Mark

CENT = Decimal("0.01")


def counting(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks that are numbers; others (passed, not assessed) never count."""
    return tuple(mark for mark in marks if mark.value.isdecimal())


def totals(marks: Iterable[Mark]) -> tuple[int, int]:
    """(sum of mark * weight, sum of weights)."""
    counted = counting(marks)
    return sum(int(mark.value) * mark.weight for mark in counted), sum(mark.weight for mark in counted)


def average(marks: Iterable[Mark]) -> Decimal | None:
    """The average, None without marks. Rounded once."""
    total, weights = totals(marks)
    if not weights:
        return None
    # 28 digits tell an exact half from its neighbours: with these weights they differ in the first ten.
    return (Decimal(total) / Decimal(weights)).quantize(CENT, ROUND_HALF_UP)
