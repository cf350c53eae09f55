"""Where notify is wired together."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask

from services.eventsourcing.browsing import browser
from services.eventsourcing.clock import Clock, utc_now
from services.eventsourcing.core import Core, open_core, relay_loop
from services.eventsourcing.log import Pace
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import connect
from services.eventsourcing.policy import Policy
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.projector import Projector
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import MongoStore
from services.eventsourcing.tokens import ServiceTokens
from services.eventsourcing.web import service_app
from services.eventsourcing.worker import Loop, Worker
from services.notify.catalog import registry
from services.notify.channels.email.smtp import EmailChannel
from services.notify.channels.email.words import Writer
from services.notify.codes import Codes
from services.notify.composing import Composer
from services.notify.http import blueprint
from services.notify.mailing.policy import Mailing
from services.notify.mailing.rules import EMAIL
from services.notify.outbox.outbox_store import Outbox
from services.notify.outbox.sender import Sender
from services.notify.recipients.recipients_store import PROJECTOR, VIEWS, Recipients

POLICY = "mailing"
SOURCES = ("identity", "diary")
POLL_SECONDS = 0.5


def create_app(settings: Settings) -> Flask:
    """The web process: health, and counts for operators."""
    core = open_core(settings, registry)
    app = service_app("notify", ServiceTokens(settings.service_secret), core.ready, settings.ops_bind)
    app.extensions["outbox"] = Outbox(core.db)
    app.register_blueprint(blueprint)
    app.register_blueprint(browser(core.store, core.vault))
    return app


def create_worker(settings: Settings) -> Worker:
    """The worker process."""
    core = open_core(settings, registry)
    recipients = Recipients(ProjectionStore(core.db, PROJECTOR))
    filled = threading.Event()
    loops = [
        relay_loop(settings, core, awaited=False),
        _projector_loop(settings, core),
        _policy_loop(settings, core, recipients, filled),
        _sender_loop(settings, core, recipients, filled),
    ]
    return Worker("notify", core.db, loops)


def init(settings: Settings) -> None:
    """Collections, indexes, topics. May be run again at any time."""
    db = connect(settings.mongo_url)[settings.database]
    MongoStore(db).init()
    ProjectionStore(db, PROJECTOR).init()
    ProjectionStore(db, POLICY).init()
    Outbox(db).init()
    KafkaLog(settings.kafka).require_topics(settings.partitions())


def make_projector(settings: Settings, core: Core) -> Projector:
    """The projector of the recipients."""
    store = ProjectionStore(core.db, PROJECTOR)
    topics = settings.topics(*SOURCES)
    return Projector(store, KafkaLog(settings.kafka), topics, VIEWS, core.vault, Pace.PATIENT)


def make_policy(
    settings: Settings,
    core: Core,
    recipients: Recipients,
    clock: Clock = utc_now,
    filled: Callable[[], None] = lambda: None,
) -> Policy:
    """The policy that fills the outbox, never ahead of the recipients; it calls `filled` when it may have done so."""
    mailing = Mailing(Outbox(core.db), recipients, clock)

    def after() -> None:
        mailing.flush()
        filled()

    return Policy(
        POLICY,
        ProjectionStore(core.db, POLICY),
        KafkaLog(settings.kafka),
        settings.topics(*SOURCES),
        mailing.handlers,
        core.vault,
        before=recipients.caught_up,
        ahead=recipients.fetch,
        after=after,
    )


def make_sender(settings: Settings, core: Core, recipients: Recipients, clock: Clock = utc_now) -> Sender:
    """The sender with every channel."""
    codes = Codes(settings.identity_url, ServiceTokens(settings.service_secret), settings.timezone)
    writer = Writer(settings.portal_url, settings.lang)
    channels = {EMAIL: EmailChannel(settings.smtp, settings.mail_from, writer, clock)}
    return Sender(Outbox(core.db), Composer(recipients, codes), channels, core.executor, clock)


def _projector_loop(settings: Settings, core: Core) -> Loop:
    projector = make_projector(settings, core)
    return Loop("projector", lambda epoch: projector.run_once(POLL_SECONDS), lost=projector.reset)


def _policy_loop(settings: Settings, core: Core, recipients: Recipients, filled: threading.Event) -> Loop:
    policy = make_policy(settings, core, recipients, filled=filled.set)
    return Loop("policy", lambda epoch: policy.run_once(POLL_SECONDS), lost=policy.reset)


def _sender_loop(settings: Settings, core: Core, recipients: Recipients, filled: threading.Event) -> Loop:
    sender = make_sender(settings, core, recipients)

    def idle(seconds: float) -> None:
        # The policy of another process is not heard; what it puts in is found in time, as what is due again.
        filled.wait(seconds)
        filled.clear()

    return Loop("sender", lambda epoch: sender.run_once(), idle=idle)
