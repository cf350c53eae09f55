"""What can be asked about a pupil."""

from __future__ import annotations

from dataclasses import dataclass

from services.diary.names import Name


@dataclass(frozen=True, slots=True)
class AdmitPupil:
    """Have this pupil at the school; with `left`, known by name and gone."""

    pupil: str
    school: str
    name: Name
    grade: str | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class RenamePupil:
    """Give the pupil another name."""

    pupil: str
    name: Name


@dataclass(frozen=True, slots=True)
class RemovePupil:
    """The pupil leaves the school."""

    pupil: str


PupilCommand = AdmitPupil | RenamePupil | RemovePupil
