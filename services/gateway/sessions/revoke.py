"""A changed password, a closed account or an erasure ends the sessions that were opened before it."""

from __future__ import annotations

from collections.abc import Mapping

from services.eventsourcing.clock import moment
from services.eventsourcing.message import Recorded
from services.eventsourcing.policy import Handler
from services.gateway.sessions.sessions_store import Sessions
from services.gateway.visits_store import Visits


def revocations(sessions: Sessions, visits: Visits) -> Mapping[str, Handler]:
    """The handlers of the policy; running one again changes nothing more."""

    def revoke(event: Recorded) -> None:
        sessions.end_all(event.data["account"], before=moment(event.at))

    def forget(event: Recorded) -> None:
        sessions.end_all(event.data["person"], before=moment(event.at))
        visits.forget_all(event.data["person"])

    return {"PasswordChanged": revoke, "StaffAccountClosed": revoke, "PersonErased": forget}
