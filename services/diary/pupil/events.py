"""What happens to a pupil of a school."""

from __future__ import annotations

from typing import Annotated

from services.eventsourcing.message import Event, Personal


class PupilAdmitted(Event, frozen=True, kw_only=True):
    """The pupil is at this school, in this grade; said again when the school or the grade changes."""

    pupil: str
    school: str
    last_name: Annotated[str | None, Personal("pupil", kind="record")]
    first_name: Annotated[str | None, Personal("pupil", kind="record")]
    patronymic: Annotated[str | None, Personal("pupil", kind="record")]
    grade: str | None


class PupilRenamed(Event, frozen=True, kw_only=True):
    """The pupil has another name from now on."""

    pupil: str
    last_name: Annotated[str | None, Personal("pupil", kind="record")]
    first_name: Annotated[str | None, Personal("pupil", kind="record")]
    patronymic: Annotated[str | None, Personal("pupil", kind="record")]


class PupilLeft(Event, frozen=True, kw_only=True):
    """The pupil is at this school no more."""

    pupil: str


PupilEvent = PupilAdmitted | PupilRenamed | PupilLeft
