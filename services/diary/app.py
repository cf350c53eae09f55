"""Where the diary is wired together."""

from __future__ import annotations

from datetime import date
from threading import Event
from zoneinfo import ZoneInfo

from flask import Flask

from services.diary.audit.http import blueprint as audit
from services.diary.catalog import registry
from services.diary.lesson.http import blueprint as lessons
from services.diary.link.http import blueprint as links
from services.diary.link.linking import Linking
from services.diary.link.tries_store import Tries
from services.diary.policies import erasing, opening
from services.diary.seal.cuts_store import Cuts
from services.diary.seal.http import blueprint as seal
from services.diary.seal.sealing import Daily, Sealing
from services.diary.service import Diary
from services.diary.slip.http import blueprint as slips
from services.diary.slip.issuing import Issuing
from services.diary.slip.secret import SlipSecrets
from services.diary.slip.slip_store import SlipStore
from services.eventsourcing.browsing import browser
from services.eventsourcing.clock import Clock, utc_now
from services.eventsourcing.core import Core, open_core, relay_loop
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import connect
from services.eventsourcing.policy import Policy
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import MongoStore
from services.eventsourcing.tokens import ServiceTokens
from services.eventsourcing.web import service_app
from services.eventsourcing.worker import Loop, Worker

POLL_SECONDS = 0.5


def create_app(settings: Settings, clock: Clock = utc_now) -> Flask:
    """The web process: journals, slips and links."""
    core = open_core(settings, registry)
    diary, store, secrets = Diary(core.executor), SlipStore(core.db), SlipSecrets(settings.master_key)
    zone = ZoneInfo(settings.timezone)

    def today() -> date:
        return clock().astimezone(zone).date()

    app = service_app("diary", ServiceTokens(settings.service_secret), core.ready, settings.ops_bind)
    app.extensions |= {
        "settings": settings,
        "today": today,
        "diary": diary,
        "issuing": Issuing(diary, store, secrets),
        "linking": Linking(diary, store, secrets, Tries(core.db)),
    }
    for blueprint in (lessons, slips, links, audit, seal, browser(core.store, core.vault)):
        app.register_blueprint(blueprint)
    return app


def create_worker(settings: Settings) -> Worker:
    """The worker process: the relay, the policies, and the seal of each day."""
    core = open_core(settings, registry)
    policy, eraser = make_policy(settings, core), make_eraser(settings, core)
    loops = [
        relay_loop(settings, core),
        Loop("policy", lambda epoch: policy.run_once(POLL_SECONDS), lost=policy.reset),
        Loop(erasing.NAME, lambda epoch: eraser.run_once(POLL_SECONDS), lost=eraser.reset),
        seal_loop(settings, core),
    ]
    return Worker("diary", core.db, loops)


def init(settings: Settings) -> None:
    """Collections, indexes, topics. May be run again at any time."""
    db = connect(settings.mongo_url)[settings.database]
    MongoStore(db).init()
    for policy in (opening.NAME, erasing.NAME):
        ProjectionStore(db, policy).init()
    Cuts(db).init()
    SlipStore(db).init()
    Tries(db).init()
    KafkaLog(settings.kafka).require_topics(settings.partitions())


def seal_loop(settings: Settings, core: Core, clock: Clock = utc_now) -> Loop:
    """The loop that seals the store once a day."""
    daily = Daily(Sealing(core, settings.signer, clock), core, ZoneInfo(settings.timezone), clock)
    return Loop("seal", daily.step, lost=daily.lost, idle=Event().wait)


def make_policy(settings: Settings, core: Core, clock: Clock = utc_now) -> Policy:
    """The policy that opens diaries."""
    return Policy(
        opening.NAME,
        ProjectionStore(core.db, opening.NAME),
        KafkaLog(settings.kafka),
        settings.topics("diary"),
        opening.Opening(Diary(core.executor), clock).handlers,
        core.vault,
    )


def make_eraser(settings: Settings, core: Core, clock: Clock = utc_now) -> Policy:
    """The policy that follows erasures."""
    work = erasing.Erasing(Diary(core.executor), core.store, SlipStore(core.db), Tries(core.db), clock)
    return Policy(
        erasing.NAME,
        ProjectionStore(core.db, erasing.NAME),
        KafkaLog(settings.kafka),
        settings.topics("identity"),
        work.handlers,
        core.vault,
    )
