"""The running system as an operator sees it: how far everybody is, and what is left after a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from email import message_from_bytes
from pathlib import Path
from typing import Any

import msgspec
from pymongo import MongoClient

from deploy.local.environment import operator_environment, service_environment
from deploy.local.instance import Instance
from deploy.local.kafka import Kafka
from deploy.local.mongo import Mongo
from deploy.local.ports import Ports
from deploy.local.secrets import Secrets
from services.eventsourcing.core import open_vault
from services.eventsourcing.log import Place, Reader
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Recorded, from_wire
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.settings import Settings
from services.eventsourcing.store import Commit
from services.eventsourcing.store_mongo import MongoStore
from services.eventsourcing.view import View, takes_sealed
from services.gateway.view_store import PROJECTOR as PAGES
from services.gateway.views import VIEWS
from services.notify.mailing.rules import messages
from services.notify.recipients.recipients_store import PROJECTOR as RECIPIENTS
from services.notify.recipients.recipients_store import VIEWS as RECIPIENT_VIEWS
from tests.faults.evidence import Evidence, Mails, Projected, refolded
from tests.faults.history import History
from tests.kit.system import System

WRITERS = ("identity", "diary", "notify")
READ = ("identity", "diary")  # what the gateway and notify project
PROJECTORS: Mapping[tuple[str, str], tuple[View, ...]] = {
    ("gateway", PAGES): VIEWS,
    ("notify", RECIPIENTS): RECIPIENT_VIEWS,
}
POLICIES = (("identity", "staff-accounts"), ("diary", "opening"), ("notify", "mailing"), ("gateway", "sessions"))
CHECKPOINTS = ".checkpoints"


class Ground:
    """Connections with the operator's rights."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.instance = _instance(system)
        environment = operator_environment(self.instance)
        self.settings = Settings.from_env("ops", environment)
        self.client: MongoClient[Any] = MongoClient(self.settings.mongo_url, readConcernLevel="majority")
        self.log = KafkaLog(self.settings.kafka)
        self.vault = open_vault(self.settings)

    def close(self) -> None:
        """Free the connections."""
        self.client.close()

    def environment(self, service: str, process: str) -> dict[str, str]:
        """What another process of a service needs."""
        return {**self.system.environment, **service_environment(self.instance, service, process)}

    def store(self, service: str) -> MongoStore:
        """A service's event store."""
        return MongoStore(self.client[f"sd_{service}"])

    def projections(self, service: str, name: str) -> ProjectionStore:
        """What a projector or policy of a service keeps."""
        return ProjectionStore(self.client[f"sd_{service}"], name)

    def unpublished(self) -> int:
        """Commits that wait for a relay."""
        return sum(self.store(service).count_unpublished() for service in WRITERS)

    def ends(self) -> dict[Place, int]:
        """Where the log ends."""
        reader = self.reader()
        try:
            return reader.ends()
        finally:
            reader.close()

    def reader(self) -> Reader:
        """A reader at the beginning of everything."""
        reader = self.log.reader()
        reader.seek(dict.fromkeys(self.log.places(self.settings.topics(*WRITERS)), 0))
        return reader

    def caught_up(self, ends: Mapping[Place, int]) -> bool:
        """Have all projectors and policies applied everything before `ends`?"""
        return all(self._reached(service, name, ends) for service, name in self._readers())

    def quiet(self) -> bool:
        """Is everything that was accepted everywhere, and every mail gone?"""
        if self.unpublished() or not self.caught_up(self.ends()):
            return False
        return not self.client["sd_notify"]["outbox"].count_documents({"state": "waiting"})

    def evidence(self, history: History) -> Evidence:
        """Everything that is left; call it when it is quiet."""
        commits = {service: list(self.store(service).scan()) for service in WRITERS}
        events = [event for service in READ for commit in commits[service] for event in commit.recorded()]
        self.vault.warm(events)
        opened = [msgspec.structs.replace(event, data=self.vault.opened(event)) for event in events]
        projectors = [self._projected(*key, views, events, opened) for key, views in PROJECTORS.items()]
        mails = Mails(self._arrived(), self._due(opened, commits["notify"]))
        return Evidence([one for service in WRITERS for one in commits[service]], self.on_log(), projectors, mails)

    def on_log(self) -> list[Recorded]:
        """Every event of the log, partition by partition."""
        reader = self.reader()
        wanted = sum(reader.ends().values())
        records = []
        while len(records) < wanted:
            records += reader.poll(5_000, 1.0)
        reader.close()
        return [from_wire(record.value) for record in sorted(records, key=lambda r: (r.place, r.offset))]

    def _projected(
        self, service: str, name: str, views: Iterable[View], events: list[Recorded], opened: list[Recorded]
    ) -> Projected:
        store = self.projections(service, name)
        streams = frozenset(event.stream for event in events)
        live = [(view, store.generation(view.name)) for view in views]
        projections = [
            refolded(
                view,
                dict(store.documents(found.collection)) if found else {},
                events if takes_sealed(view) else opened,
            )
            for view, found in live
        ]
        aside = {stream for _, stream in store.parked()} | {event.stream for event in store.early()}
        return Projected(f"{service}/{name}", streams, store.heads(streams), projections, frozenset(aside))

    def _arrived(self) -> frozenset[str]:
        found = set()
        for path in Path(self.instance.home.outbox).glob("*.eml"):
            identity = str(message_from_bytes(path.read_bytes())["Message-ID"])
            found.add(identity.strip("<>").partition("@")[0])
        return frozenset(found)

    def _due(self, events: Iterable[Recorded], notices: Iterable[Commit]) -> frozenset[str]:
        """What the facts ask for, less what notify has said it could not send and what left with an erased person."""
        events = list(events)
        erased = {event.data["person"] for event in events if event.type == "PersonErased"}
        failed = {c.stream.removeprefix("notice-") for c in notices if c.events[0].type == "NotificationFailed"}
        followers: dict[str, set[str]] = {}
        due: set[str] = set()
        for event in sorted(events, key=lambda event: event.at):
            if event.type == "DiaryLinked":
                followers.setdefault(event.data["pupil"], set()).add(event.data["account"])
            told = messages(event, lambda pupil: sorted(followers.get(pupil, ())))
            if event.data.get("pupil") not in erased:
                due |= {item.id for item in told if item.account not in erased}
        return frozenset(due - failed)

    def _readers(self) -> list[tuple[str, str]]:
        services = (*WRITERS, "gateway")
        found = [
            (service, name) for service in services for name in self.client[f"sd_{service}"].list_collection_names()
        ]
        return [(service, name.removesuffix(CHECKPOINTS)) for service, name in found if name.endswith(CHECKPOINTS)]

    def _reached(self, service: str, name: str, ends: Mapping[Place, int]) -> bool:
        positions = self.projections(service, name).positions()
        return all(position.next >= ends.get(place, 0) for place, position in positions.items())


def _instance(system: System) -> Instance:
    ports, secrets = Ports.read(system.environment), Secrets(system.home.secrets)
    root = system.home.root
    mongo = Mongo(root / "mongo", ports.mongo, secrets.keyfile, secrets.password("root"))
    return Instance(system.home, ports, secrets, Kafka(root / "kafka", ports.kafka, ports.kafka_controller), mongo)
