"""Reading the recipients, and knowing that they are not behind the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence

from services.eventsourcing.log import Place
from services.eventsourcing.message import Recorded
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.view import Doc
from services.notify.recipients.accounts_view import AccountsView
from services.notify.recipients.groups_view import GroupsView
from services.notify.recipients.pupils_view import PupilsView

log = logging.getLogger(__name__)

PROJECTOR = "recipients"
VIEWS = (AccountsView(), PupilsView(), GroupsView())
WAIT_SECONDS = 1.0
PAUSE = 0.05


class Recipients:
    """The live documents of the views above."""

    def __init__(self, store: ProjectionStore) -> None:
        self._store = store
        self._pupils: dict[str, Doc] = {}

    def account(self, id: str) -> Doc:
        """What is known of an account; empty when nothing is."""
        return self._document(AccountsView.name, id)

    def first_name(self, pupil: str) -> str | None:
        """A pupil's first name; None when it is unknown or erased."""
        return self._document(PupilsView.name, pupil).get("first_name")

    def followers(self, pupil: str) -> list[str]:
        """The accounts that follow a pupil's diary, each once."""
        known = self._pupils.get(pupil)
        doc = self._document(PupilsView.name, pupil) if known is None else known
        return sorted(set(doc.get("links", {}).values()))

    def fetch(self, events: Sequence[Recorded]) -> None:
        """Fetch whoever these events are about in one query: `followers` answers from it until the next call."""
        pupils = {pupil for event in events if (pupil := event.data.get("pupil"))}
        generation = self._store.generation(PupilsView.name) if pupils else None
        found = self._store.load(generation.collection, pupils) if generation else {}
        self._pupils = {pupil: found.get(pupil, {}) for pupil in pupils} if generation else {}

    def subject(self, group: str) -> str | None:
        """What a group's subject is called."""
        return self._document(GroupsView.name, group).get("subject")

    def caught_up(self, ends: Mapping[Place, int], seconds: float = WAIT_SECONDS) -> bool:
        """Wait until everything before `ends` is applied; False when `seconds` were not enough."""
        deadline = time.monotonic() + seconds
        while not self._reached(ends):
            if time.monotonic() + PAUSE > deadline:
                log.info("the recipients are behind the log, messages wait for them")
                return False
            time.sleep(PAUSE)
        return True

    def _reached(self, ends: Mapping[Place, int]) -> bool:
        positions = self._store.positions()
        return all(place in positions and positions[place].next >= end for place, end in ends.items())

    def _document(self, view: str, id: str) -> Doc:
        generation = self._store.generation(view)
        found = self._store.load(generation.collection, [id]) if generation else {}
        return found.get(id, {})
