"""What happens to a pupil's diary."""

from __future__ import annotations

from typing import Annotated

from services.eventsourcing.message import Event, Personal


class DiaryOpened(Event, frozen=True, kw_only=True):
    """The pupil has a diary."""

    pupil: str
    school: str


class SlipIssued(Event, frozen=True, kw_only=True):
    """A paper with a new diary login and password was made; the one before opens nothing from now on.

    slip names the secret, which is kept elsewhere as a hash; issue counts the papers of this diary from 1.
    """

    pupil: str
    slip: str
    issue: int


class DiaryLinked(Event, frozen=True, kw_only=True):
    """The portal account sees the diary and calls it `title`."""

    pupil: str
    account: str
    link: str
    title: Annotated[str | None, Personal("account")]


class LinkRemoved(Event, frozen=True, kw_only=True):
    """The portal account sees the diary no more."""

    pupil: str
    account: str
    link: str


class DiaryErased(Event, frozen=True, kw_only=True):
    """The pupil was erased. In these lessons stood comments or reasons about them that nobody can open any more.

    classes: see PersonErased. With `record` among them the diary stays closed: no slip opens it again.
    """

    pupil: str
    classes: tuple[str, ...]
    lessons: tuple[str, ...]


DiaryEvent = DiaryOpened | SlipIssued | DiaryLinked | LinkRemoved | DiaryErased
