"""What happens to a school."""

from __future__ import annotations

from datetime import date

import msgspec

from services.eventsourcing.message import Event


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """A school year, or a term or period inside `parent`."""

    term: str
    title: str
    kind: str
    begins: date
    ends: date
    parent: str | None = None


class Bell(msgspec.Struct, frozen=True, kw_only=True):
    """When lesson `number` of a day starts and ends, as in 08:30."""

    number: int
    starts: str
    ends: str


class Holiday(msgspec.Struct, frozen=True, kw_only=True):
    """Days without lessons, the last one included."""

    begins: date
    ends: date
    title: str


class SchoolOpened(Event, frozen=True, kw_only=True):
    """A school, or the district it belongs to (`parent`), is in the diary from now on."""

    school: str
    name: str
    kind: str
    parent: str | None


class SchoolDetailsChanged(Event, frozen=True, kw_only=True):
    """Everything a school tells about itself, as it is from now on."""

    school: str
    name: str
    kind: str
    parent: str | None
    address: str | None
    phone: str | None
    email: str | None
    site: str | None


class TermsSet(Event, frozen=True, kw_only=True):
    """The calendar of the school, whole."""

    school: str
    terms: tuple[Term, ...]


class BellsSet(Event, frozen=True, kw_only=True):
    """The bells of a school day, whole."""

    school: str
    bells: tuple[Bell, ...]


class HolidaysSet(Event, frozen=True, kw_only=True):
    """The days without lessons, whole."""

    school: str
    days: tuple[Holiday, ...]


class MarkScaleSet(Event, frozen=True, kw_only=True):
    """The marks teachers may give here."""

    school: str
    marks: tuple[str, ...]


SchoolEvent = SchoolOpened | SchoolDetailsChanged | TermsSet | BellsSet | HolidaysSet | MarkScaleSet
