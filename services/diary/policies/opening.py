"""Every admitted pupil gets a diary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.diary.diary.commands import OpenDiary
from services.diary.service import Diary
from services.eventsourcing.clock import Clock, stamp
from services.eventsourcing.message import Meta, Recorded
from services.eventsourcing.policy import Handler, caused_by

NAME: Final = "open-diary"


class Opening:
    """The handlers of the policy; repeatable, because a command's id comes from its event."""

    def __init__(self, diary: Diary, clock: Clock) -> None:
        self._diary = diary
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By type of event."""
        return {"PupilAdmitted": self.admitted}

    def admitted(self, event: Recorded) -> None:
        """Open the pupil's diary; it may be open already."""
        meta = Meta(
            actor=f"system:{NAME}",
            command=caused_by(event, NAME),
            at=stamp(self._clock()),
            correlation=event.correlation,
            causation=event.id,
        )
        self._diary.run(OpenDiary(event.data["pupil"], event.data["school"]), meta)
