"""The tables of docs/benchmarks.md, written anew from what was measured."""

from __future__ import annotations

import re
from pathlib import Path

from tests.benchmarks.figures import Figure, Figures, number

MARKS = "<!-- {name} -->"


def write(path: Path, figures: Figures) -> None:
    """Replace the machine, the figures, the costs and, when it was measured, the growth; the words stay."""
    grown = [one for one in figures.found.values() if "@" in one.name]
    text = path.read_text(encoding="utf-8")
    text = _replaced(text, "machine", _machine(figures))
    text = _replaced(text, "figures", _figures([one for one in figures.found.values() if "@" not in one.name]))
    text = _replaced(text, "costs", "\n".join(f"- {note}" for note in figures.notes))
    if grown:
        text = _replaced(text, "growth", _growth(grown))
    path.write_text(text, encoding="utf-8")


def _replaced(text: str, name: str, content: str) -> str:
    start, end = MARKS.format(name=name), MARKS.format(name=f"/{name}")
    return re.sub(f"{start}.*?{end}", lambda _: f"{start}\n{content}\n{end}", text, flags=re.DOTALL)


def _machine(figures: Figures) -> str:
    about = figures.machine
    packages = ", ".join(f"{name} {version}" for name, version in about["packages"].items())
    return (
        f"{about['processor']}, {about['cores']} cores, {about['memory_gb']} GB; 4 KB appended and flushed in "
        f"{about['flush_ms']} ms; Linux {about['kernel']}, Python {about['python']}; {packages}. Load before the "
        f"run: {about['load_before']}."
    )


def _figures(found: list[Figure]) -> str:
    rows = [f"| {one.name} | {number(one.value)} | {one.unit} | {number(one.goal)} | {one.verdict} |" for one in found]
    return "\n".join(["| figure | measured | unit | goal | |", "|---|---|---|---|---|", *rows])


def _growth(found: list[Figure]) -> str:
    sizes = list(dict.fromkeys(one.name.partition("@")[2] for one in found))
    values = {one.name: number(one.value) for one in found}
    units = {one.name.partition("@")[0]: one.unit for one in found}
    rows = [
        f"| {name} ({unit}) | " + " | ".join(values.get(f"{name}@{size}", "") for size in sizes) + " |"
        for name, unit in units.items()
    ]
    heads = " | ".join(size.replace("_", " ") for size in sizes)
    return "\n".join([f"| | {heads} |", "|---" * (len(sizes) + 1) + "|", *rows])
