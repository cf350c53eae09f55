"""Wiring: the only place where the gateway's parts are made and put together."""

from __future__ import annotations

import importlib
import time
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from services.eventsourcing.clock import Clock, utc_now
from services.eventsourcing.core import open_vault
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import Db, connect
from services.eventsourcing.policy import Policy
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.projector import Projector
from services.eventsourcing.settings import Settings
from services.eventsourcing.tokens import ServiceTokens
from services.eventsourcing.vault import Vault
from services.eventsourcing.wait import Waiting
from services.eventsourcing.watch import requests
from services.eventsourcing.web import LARGEST_BODY
from services.eventsourcing.worker import Loop, Worker
from services.gateway import formatting
from services.gateway.api import http as api
from services.gateway.backends import Backend, Diary, Identity
from services.gateway.console.samples_store import Samples
from services.gateway.console.sampling import Sampling, read_urls
from services.gateway.console.verifications_store import Verifications
from services.gateway.errors import http as errors
from services.gateway.fragments import address, fragments, gettext, ngettext, same_fragments
from services.gateway.freshness_store import Freshness
from services.gateway.language import http as language
from services.gateway.live.feed_store import Feed
from services.gateway.parts import EXTENSION, Parts
from services.gateway.past import http as past
from services.gateway.past.past_store import PastStore
from services.gateway.past.reading import PastReader
from services.gateway.people import ERASED
from services.gateway.rates_store import Rates
from services.gateway.remembered_store import Changes
from services.gateway.security import http as security
from services.gateway.security.http import csrf_key
from services.gateway.sessions import http as sessions
from services.gateway.sessions.revoke import revocations
from services.gateway.sessions.sessions_store import Sessions
from services.gateway.view_store import PROJECTOR, ViewStore
from services.gateway.views import VIEWS
from services.gateway.visits_store import Visits
from services.gateway.web import correlation, current

HERE = Path(__file__).parent
LIVE_PAGES = 40  # of a process's 64 threads; the rest answers pages
REVOKER = "sessions"
PAGES = ("home", "service", "agreement", "register", "confirm", "sign_in", "diaries", "link", "week", "marks", "dates",
         "school", "staff_sign_in", "staff_password", "today", "journal", "my_class", "console", "gallery")  # fmt: skip
READS = ("identity", "diary")


def create_app(settings: Settings, clock: Clock = utc_now) -> Flask:
    """The web process."""
    app = Flask("services.gateway", root_path=str(HERE), static_folder="static")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.extensions[EXTENSION] = _parts(settings, clock)
    app.jinja_loader = FileSystemLoader([HERE / "templates", HERE / "pages"])
    # Before a request in this order: watch it, in which language, who, is it forged. After it in the opposite order.
    requests.install(app, settings.service, settings.ops_bind)
    for part in (language, sessions, security, errors, past):
        part.install(app)
    _templates(app)
    for name in (*(f"pages.{page}" for page in PAGES), "language", "health"):
        app.register_blueprint(importlib.import_module(f"services.gateway.{name}.http").pages)
    api.install(app)
    if settings.trusted_proxies > 0:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.trusted_proxies, x_proto=0)  # type: ignore[method-assign]
    return app


def _templates(app: Flask) -> None:
    zone = app.extensions[EXTENSION].zone
    changes: Changes = app.extensions[EXTENSION].views.changes

    def forgotten() -> int:
        return changes.erasures

    app.jinja_env.filters.update(formatting.filters(language.locale, zone))
    app.jinja_env.filters["person"] = lambda name: gettext("data erased") if name == ERASED else name
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]
    app.jinja_env.globals |= {"once": fragments(forgotten), "once_same": same_fragments(forgotten), "url_for": address}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(lambda: {"current": current(), "zone": zone.key, "today": app.extensions[EXTENSION].today()})


def _parts(settings: Settings, clock: Clock) -> Parts:
    db = database(settings)
    views, secret = ViewStore(db), settings.service_secret
    tokens = ServiceTokens(secret)
    return Parts(
        settings=settings,
        csrf_key=csrf_key(secret),
        clock=clock,
        views=views,
        past=PastReader(PastStore(views), open_vault(settings), lambda: views.changes.erasures),
        sessions=Sessions(db, clock, views.changes),
        rates=Rates(db, clock),
        visits=Visits(db, clock),
        identity=Identity("identity", settings.identity_url, tokens, correlation),
        diary=Diary("diary", settings.diary_url, tokens, correlation),
        notify=Backend("notify", settings.notify_url, tokens, correlation),
        samples=Samples(db, clock),
        verifications=Verifications(db),
        feed=Feed(db, LIVE_PAGES),
        freshness=Freshness(db, clock),
        waiting=Waiting(ProjectionStore(db, PROJECTOR)),
    )


def create_worker(settings: Settings) -> Worker:
    """The worker process: keeps the views up to date and ends sessions that may no longer be."""
    db, vault, log = database(settings), open_vault(settings), KafkaLog(settings.kafka)
    projector = Projector(ProjectionStore(db, PROJECTOR), log, settings.topics(*READS), VIEWS, vault)
    loop = Loop("projector", lambda epoch: projector.run_once(0.5), lost=projector.reset)
    sampling = Sampling(read_urls(settings.ops_urls), Samples(db), log, settings.topics("identity", "diary", "notify"))
    sampler = Loop("samples", sampling.run_once, idle=time.sleep)
    return Worker(settings.service, db, [loop, _revoker(settings, db, vault, log), sampler])


def make_revoker(settings: Settings, db: Db, vault: Vault, log: KafkaLog) -> Policy:
    """The policy that ends sessions that may no longer be."""
    store = ProjectionStore(db, REVOKER)
    return Policy(REVOKER, store, log, settings.topics("identity"), revocations(Sessions(db), Visits(db)), vault)


def _revoker(settings: Settings, db: Db, vault: Vault, log: KafkaLog) -> Loop:
    policy = make_revoker(settings, db, vault, log)
    return Loop("sessions", lambda epoch: policy.run_once(0.5), lost=policy.reset)


def init(settings: Settings) -> None:
    """Collections, indexes and topics; may be run again at any time."""
    db = database(settings)
    for name in (PROJECTOR, REVOKER):
        ProjectionStore(db, name).init()
    existing = set(db.list_collection_names())
    for name in ("sessions", "rates", "visits"):
        if name not in existing:
            db.create_collection(name)
    Sessions(db).init()
    Rates(db).init()
    Samples(db).init()
    store = ProjectionStore(db, PROJECTOR)
    for view in VIEWS:
        store.open_generation(view)
    KafkaLog(settings.kafka).require_topics(settings.partitions())


def database(settings: Settings) -> Db:
    return connect(settings.mongo_url, settings.service, settings.patience)[settings.database]
