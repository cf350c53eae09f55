"""Topics, homework and remarks of the demonstration school, in two languages."""

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SubjectTexts:
    """What is taught and set in one subject."""

    topics: tuple[str, ...]
    homework: tuple[str, ...]
    test: str | None

    def topic(self, at: int, of: int) -> str:
        """The topic of the lesson number `at` of `of` in the year: topics follow each other and may last."""
        return self.topics[min(at * len(self.topics) // max(of, 1), len(self.topics) - 1)]

    def task(self, at: int, rng: random.Random) -> str:
        """Homework for the lesson number `at`; numbers grow with the year."""
        sentence = rng.choice(self.homework)
        exercise = 40 + at * 4
        return sentence.format(
            p=at // 2 + 1, a=exercise, b=exercise + rng.randint(1, 3), s=at + 12, v=rng.randint(1, 4)
        )


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of a language."""

    subjects: Mapping[str, SubjectTexts]
    tests: Sequence[str]
    praise: Sequence[str]
    advice: Sequence[str]
    corrections: Sequence[str]
    withdrawals: Sequence[str]

    def remark(self, mark: str, rng: random.Random) -> str:
        """A teacher's remark that fits the mark."""
        return rng.choice(self.praise if mark in ("4", "5") else self.advice)


def texts(lang: str) -> Texts:
    """The texts of a language, `ru` or `en`."""
    content = tomllib.loads((Path(__file__).parent / f"{lang}.toml").read_text(encoding="utf-8"))
    subjects = {
        key: SubjectTexts(tuple(table["topics"]), tuple(table.get("homework", ())), table.get("test"))
        for key, table in content.items()
        if isinstance(table, dict)
    }
    return Texts(
        subjects,
        content["tests"],
        content["praise"],
        content["advice"],
        content["corrections"],
        content["withdrawals"],
    )
