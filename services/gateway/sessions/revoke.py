"""A changed password or a closed account ends the sessions that were opened before it."""

from __future__ import annotations

from collections.abc import Mapping

from services.eventsourcing.clock import moment
from services.eventsourcing.message import Recorded
from services.eventsourcing.policy import Handler
from services.gateway.sessions.sessions_store import Sessions


def revocations(sessions: Sessions) -> Mapping[str, Handler]:
    """The handlers of the policy; running one again changes nothing more."""

    def revoke(event: Recorded) -> None:
        sessions.end_all(event.data["account"], before=moment(event.at))

    return {"PasswordChanged": revoke, "StaffAccountClosed": revoke}
