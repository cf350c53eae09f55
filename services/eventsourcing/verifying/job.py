"""What a verification works on, as it is given to its processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.eventsourcing.mongo import connect
from services.eventsourcing.settings import Settings
from services.eventsourcing.verifying.cut_mongo import Projected
from services.eventsourcing.verifying.selection import Selection
from services.eventsourcing.view import View


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the code knows: the views of each projector, by (service, projector), and each service's event types."""

    views: Mapping[tuple[str, str], Sequence[View]]
    types: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Job:
    """services: settings of every service, by name, with the right to read its database. writers: those with a store.

    catalogue: a function of a module, because views do not travel between processes. views: only these, all when empty.
    """

    services: Mapping[str, Settings]
    writers: Sequence[str]
    catalogue: Callable[[], Catalogue]
    selection: Selection
    views: frozenset[str] = frozenset()

    def topic(self, service: str) -> str:
        """The topic that a service writes."""
        return self.services[service].topic

    def writer_of(self, topic: str) -> str:
        """The service that writes a topic."""
        return next(service for service in self.writers if self.topic(service) == topic)

    def projected(self, chosen: Mapping[tuple[str, str], Sequence[str]]) -> list[Projected]:
        """Every projector, with those of its views that are chosen. Connects."""
        return [
            Projected(
                service,
                name,
                connect(self.services[service].mongo_url, "verify")[self.services[service].database],
                [view for view in views if view.name in chosen.get((service, name), ())],
            )
            for (service, name), views in self.catalogue().views.items()
        ]
