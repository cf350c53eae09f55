"""Every view of the system and the projector that keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.eventsourcing.view import View
from services.gateway.view_store import PROJECTOR as GATEWAY
from services.gateway.views import VIEWS as PAGES
from services.notify.recipients.recipients_store import PROJECTOR as NOTIFY
from services.notify.recipients.recipients_store import VIEWS as RECIPIENTS


@dataclass(frozen=True, slots=True)
class Projected:
    """A view and the projector that keeps it."""

    service: str
    projector: str
    view: View


ALL = (
    *(Projected("gateway", GATEWAY, view) for view in PAGES),
    *(Projected("notify", NOTIFY, view) for view in RECIPIENTS),
)


def views_of(service: str, projector: str) -> Sequence[View]:
    """The views that a projector keeps."""
    return [one.view for one in ALL if (one.service, one.projector) == (service, projector)]


def named(name: str) -> Projected | None:
    """The view of this name."""
    return next((one for one in ALL if one.view.name == name), None)
