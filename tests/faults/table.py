"""The table of `make faults`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.checker import Counts, Violation

COLUMNS = ("fault", "times", "acknowledged", "lost", "doubled", "reordered", "repeats", "longest stall", "catch-up")


@dataclass(frozen=True, slots=True)
class Row:
    """What one fault did, put `times` times."""

    fault: str
    times: int
    counts: Counts | None
    stall: float | None
    catch_up: float | None
    violations: Sequence[Violation] = ()

    def cells(self) -> tuple[str, ...]:
        """As text, in the order of COLUMNS."""
        told = self.counts
        numbers = (told.acknowledged, told.lost, told.doubled, told.reordered, told.repeats) if told else ("-",) * 5
        return (self.fault, str(self.times), *map(str, numbers), seconds(self.stall), seconds(self.catch_up))


def seconds(value: float | None) -> str:
    """One digit is enough on a shared machine."""
    return "-" if value is None else f"{value:.1f} s"


def markdown(rows: Sequence[Row]) -> str:
    """The table as docs/faults.md keeps it."""
    lines = [COLUMNS, tuple("---" for _ in COLUMNS), *[row.cells() for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
