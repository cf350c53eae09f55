"""What happens to a course."""

from __future__ import annotations

from services.eventsourcing.message import Event


class SubjectOffered(Event, frozen=True, kw_only=True):
    """The school offers this subject; said again when the title or the grades change."""

    course: str
    school: str
    title: str
    grades: tuple[str, ...]
