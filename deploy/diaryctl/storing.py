"""Where a view's documents and everything about them is kept."""

from __future__ import annotations

from deploy.diaryctl.installation import Installation
from deploy.diaryctl.projected import Projected
from services.eventsourcing.projection_store import ProjectionStore


def store_of(place: Installation, one: Projected) -> ProjectionStore:
    """The memory of the projector that keeps a view."""
    return ProjectionStore(place.db(one.service), one.projector)
