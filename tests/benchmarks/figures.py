"""Figures with their goals, the table that shows them and the file that keeps them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

# name -> unit, goal, and whether more is better
GOALS: Final[dict[str, tuple[str, float, bool]]] = {
    "append_1": ("commits/s", 800, True),
    "append_16": ("commits/s", 3_500, True),
    "append_16_p99_ms": ("ms", 15, False),
    "lesson_http": ("lessons/s", 200, True),
    "lesson_http_p95_ms": ("ms", 60, False),
    "mark_visible_p50_ms": ("ms", 25, False),
    "mark_visible_p99_ms": ("ms", 100, False),
    "relay": ("events/s", 20_000, True),
    "reseed": ("events/s", 40_000, True),
    "verify_s": ("s", 30, False),
    "project_live": ("events/s", 15_000, True),
    "rebuild_one": ("events/s", 200_000, True),
    "rebuild_all": ("events/s", 100_000, True),
    "rebuild_rss_mb": ("MB", 600, False),
    "rebuild_linear": ("times", 4.6, False),
    "rebuild_live_p99_ms": ("ms", 250, False),
    "week_json": ("requests/s", 1_500, True),
    "week_html": ("requests/s", 600, True),
    "week_p99_ms": ("ms", 60, False),
    "asof_ms": ("ms", 100, False),
    "asof_year_ms": ("ms", 100, False),
    "oulad_marks": ("marks/s", 5_000, True),
    "start_s": ("s", 15, False),
    "rss_mb": ("MB", 1_600, False),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; a figure without a goal is there to compare with."""

    name: str
    value: float
    unit: str
    goal: float | None = None

    @property
    def verdict(self) -> str:
        """Reached, or by how much it was missed."""
        if self.goal is None:
            return ""
        more = GOALS[self.name][2]
        share = self.value / self.goal if more else self.goal / self.value if self.value else 1.0
        return "reached" if share >= 1 else f"missed by {100 * (1 - share):.0f} %"


@dataclass(slots=True)
class Figures:
    """Everything a run has measured, in the order it was measured; a figure measured again replaces the first."""

    machine: dict[str, Any]
    found: dict[str, Figure] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str = "") -> None:
        """Keep a figure; unit and goal of those the project promises are known."""
        known = GOALS.get(name)
        self.found[name] = Figure(name, round(value, 2), known[0] if known else unit, known[1] if known else None)

    def note(self, text: str) -> None:
        """Something a reader of the table has to know."""
        self.notes.append(text)

    def write(self, path: Path) -> None:
        """Keep the figures as JSON."""
        path.parent.mkdir(exist_ok=True)
        results = [
            {"name": one.name, "value": one.value, "unit": one.unit, "goal": one.goal} for one in self.found.values()
        ]
        path.write_text(json.dumps({"machine": self.machine, "results": results}, indent=1) + "\n")

    def show(self, console: Console) -> None:
        """Print the table."""
        table = Table("name", "value", "unit", "goal", "", box=None)
        table.columns[0].no_wrap = True
        for column in (1, 3):
            table.columns[column].justify = "right"
        for one in self.found.values():
            table.add_row(one.name, number(one.value), one.unit, number(one.goal), one.verdict)
        console.print(table)
        for text in self.notes:
            console.print(text, highlight=False)


def number(value: float | None) -> str:
    """12 345 as people read it."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 1_000 else f"{value:,.1f}".removesuffix(".0")
