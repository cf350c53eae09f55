"""What the law keeps although a person wants to be forgotten. A school's lawyer decides; this is what is assumed.

Marks are facts of the school and never sealed: they stay under an id that nobody can turn into a name once the record
class is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.eventsourcing.message import PERSONAL, RECORD


@dataclass(frozen=True, slots=True)
class Rule:
    """What is kept, of which class of keys ("" for what is never sealed), for how long and why, in two languages."""

    of: str
    what: dict[str, str]
    why: dict[str, str]


RULES = (
    Rule(
        "",
        {
            "en": "marks, absences and corrections under the id, without a name",
            "ru": "отметки, пропуски и исправления под условным номером, без имени",
        },
        {
            "en": "class journals: 5 years, pages with final marks 25 years (rules of school records)",
            "ru": "классные журналы — 5 лет, страницы с итоговыми отметками — 25 лет (номенклатура дел школы)",
        },
    ),
    Rule(
        RECORD,
        {"en": "names beside marks, reasons of corrections", "ru": "имена при отметках, основания исправлений"},
        {
            "en": "the school's records of its pupils and staff, until their retention ends",
            "ru": "учёт обучающихся и работников школы, до окончания срока хранения",
        },
    ),
    Rule(
        "",
        {
            "en": "the fact that events happened, their times and ids, hashes of the log",
            "ru": "факт и время событий, их номера, контрольные суммы журнала",
        },
        {
            "en": "integrity of the journal of events; none of it names a person",
            "ru": "целостность журнала событий; имени там нет",
        },
    ),
)


def classes_to_erase(keep_by_law: bool) -> tuple[str, ...]:
    """The classes of keys to destroy."""
    return (PERSONAL,) if keep_by_law else (PERSONAL, RECORD)


def kept_rules(erased: Iterable[str]) -> list[Rule]:
    """What stays when these classes are gone."""
    gone = set(erased)
    return [rule for rule in RULES if rule.of not in gone]
