"""Notify between a log that the test writes, a real SMTP server and an identity service that knows one code."""

from __future__ import annotations

import contextlib
import json
from collections import defaultdict
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any

import msgspec
from aiosmtpd.controller import Controller

from deploy.local.servers import free_ports
from services.eventsourcing.clock import stamp, utc_now
from services.eventsourcing.core import open_core
from services.eventsourcing.log import Outgoing, Place
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Recorded, partition_key, to_wire
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.tokens import ServiceTokens
from services.notify.app import POLICY, make_policy, make_projector, make_sender
from services.notify.catalog import registry
from services.notify.outbox.outbox_store import OUTBOX
from services.notify.recipients.recipients_store import PROJECTOR, Recipients
from tests.kit.clock import FrozenClock
from tests.kit.waiting import eventually
from tests.kit.world import World

HOST = "127.0.0.1"


class Mailbox:
    """A real SMTP server that keeps what it accepts. `refusal` is its answer to recipients, `broken` to messages."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusal: str | None = None
        (port,) = free_ports(1)
        self.address = f"{HOST}:{port}"
        self._controller = Controller(self, hostname=HOST, port=port)

    def open(self) -> None:
        self._controller.start()

    def close(self) -> None:
        if not self._controller.loop.is_closed():
            self._controller.stop()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=SMTP)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """(recipient, subject) of each mail, in order of the recipients."""
        return sorted((mail["To"], mail["Subject"]) for mail in self.mails)


class Scene:
    """The parts of notify, to be run step by step on a clock that the test moves."""

    def __init__(self, world: World, mailbox: Mailbox, identity_url: str = "http://127.0.0.1:9") -> None:
        world.init("notify")
        self.world = world
        self.mailbox = mailbox
        self.clock = FrozenClock(utc_now())
        self.settings = world.settings("notify", "worker", smtp=mailbox.address, identity_url=identity_url)
        self.core = open_core(self.settings, registry)
        self.recipients = Recipients(ProjectionStore(self.core.db, PROJECTOR))
        self.projector = make_projector(self.settings, self.core)
        self.policy = make_policy(self.settings, self.core, self.recipients, self.clock)
        self.sender = make_sender(self.settings, self.core, self.recipients, self.clock)
        self.outbox = self.core.db[OUTBOX]
        event_log = KafkaLog(self.settings.kafka)
        self._measure = event_log.reader()
        self._measure.seek(dict.fromkeys(event_log.places(self.settings.topics("identity", "diary")), 0))
        world.on_end(self._measure.close)
        world.on_end(self.core.db.client.close)
        world.on_end(self.policy.reset)
        world.on_end(self.projector.reset)

    def happen(self, service: str, *events: Recorded) -> None:
        """Put events on the log, as the relay of `service` does, dated now."""
        publisher = KafkaLog(self.settings.kafka).publisher(f"{self.settings.topic_prefix}{service}.events")
        now = stamp(self.clock())
        dated = [msgspec.structs.replace(event, at=now) for event in events]
        records = [Outgoing(partition_key(event.stream), to_wire(event, f"/{service}")) for event in dated]
        assert None not in publisher.publish(records)
        publisher.close()

    def project(self) -> None:
        """Let the recipients apply the whole log."""
        ends = self.ends()
        eventually(lambda: self.projector.run_once(0.1) < 0 or self.recipients.caught_up(ends, 0))

    def decide(self) -> None:
        """Let the policy handle the whole log."""
        ends, store = self.ends(), ProjectionStore(self.core.db, POLICY)

        def handled() -> bool:
            self.policy.run_once(0.1)
            positions = store.positions()
            return all(place in positions and positions[place].next >= end for place, end in ends.items())

        eventually(handled)

    def send(self) -> int:
        """Send everything that is due; how many messages were tried."""
        return next(tries for tries in count() if not self.sender.run_once())

    def run(self) -> None:
        """Everything once, in the order in which a running worker gets there."""
        self.project()
        self.decide()
        self.send()

    def ends(self) -> dict[Place, int]:
        """Where the log ends now."""
        return self._measure.ends()

    def outcomes(self) -> dict[str, list[str]]:
        """What the notices of this service record: event type -> reasons."""
        found: dict[str, list[str]] = defaultdict(list)
        for commit in self.core.store.scan():
            for event in commit.events:
                found[event.type].append(event.data.get("reason", ""))
        return dict(found)


@contextlib.contextmanager
def identity(secret: str, answers: list[tuple[int, dict[str, Any]]]) -> Iterator[str]:
    """A service that answers POST /codes/<id>/reveal, to notify only; the last answer is given for ever."""
    tokens = ServiceTokens(secret)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            caller = tokens.check("identity", self.headers["Authorization"].removeprefix("Bearer "))
            assert caller is not None and (caller.kind, caller.service) == ("service", "notify")
            status, body = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
