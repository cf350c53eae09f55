"""What can be asked of a diary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenDiary:
    """Have a diary for this pupil."""

    pupil: str
    school: str


@dataclass(frozen=True, slots=True)
class IssueSlip:
    """Make `slip` the only paper that opens this diary."""

    pupil: str
    school: str
    slip: str


@dataclass(frozen=True, slots=True)
class LinkDiary:
    """Show the diary to a portal account; `link` names the new link."""

    pupil: str
    account: str
    link: str
    title: str


@dataclass(frozen=True, slots=True)
class RemoveLink:
    """Take a link away from the account that has it."""

    pupil: str
    account: str
    link: str


@dataclass(frozen=True, slots=True)
class EraseDiary:
    """Have nobody linked to the diary of a pupil who was erased.

    classes: what cannot be opened any more. lessons: those that held such texts about the pupil.
    """

    pupil: str
    classes: tuple[str, ...]
    lessons: tuple[str, ...]


DiaryCommand = OpenDiary | IssueSlip | LinkDiary | RemoveLink | EraseDiary
