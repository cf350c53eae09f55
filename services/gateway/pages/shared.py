"""What every page shows the same way: the signed-in account, places, children, marks, forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

WorkKind = Literal["lesson", "test", "quiz", "exam", "homework"]
Attendance = Literal["absent", "excused", "ill", "late"]


@dataclass(frozen=True)
class Place:
    """One entry of the navigation; its title and icon belong to the template."""

    name: Literal["diary", "marks", "school", "diaries", "today", "class", "console", "streams"]
    url: str


@dataclass(frozen=True)
class Current:
    """Who is looking: the template global `current`."""

    kind: Literal["visitor", "family", "staff"] = "visitor"
    lang: Literal["ru", "en"] = "ru"
    name: str | None = None
    nav: tuple[Place, ...] = ()
    fragment: bool = False


@dataclass(frozen=True)
class Child:
    """A diary the account may read; `name` is shown on every page about it."""

    pupil: str
    name: str
    form: str | None = None


@dataclass(frozen=True)
class Change:
    """One correction of a mark; `value` is what it became, None when it was withdrawn."""

    was: str | None
    value: str | None
    at: datetime
    by: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Mark:
    """A mark with all that a tap on it tells; `id` is unique on the page."""

    id: str
    value: str
    date: date
    subject: str
    kind: WorkKind = "lesson"
    weight: int = 1
    title: str | None = None
    comment: str | None = None
    posted: datetime | None = None
    history: tuple[Change, ...] = ()
    fresh: bool = False


@dataclass(frozen=True)
class Absence:
    """What stands in a journal cell beside a mark, or instead of one."""

    state: Attendance
    date: date
    subject: str


@dataclass(frozen=True)
class Waiting:
    """A work whose marks the teacher has not posted yet."""

    subject: str
    kind: WorkKind
    date: date
    title: str | None = None


@dataclass(frozen=True)
class Form:
    """What was typed and what is wrong with it; secrets are never kept in `values`."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None

    def value(self, name: str, default: str = "") -> str:
        """The text typed into the field, or the default when the form is new."""
        return self.values.get(name, default)

    def error(self, name: str) -> str | None:
        """The translated sentence that belongs beside the field, if any."""
        return self.errors.get(name)
