"""Wiring: the only place where the parts of the service are made and put together."""

from __future__ import annotations

from flask import Flask

from services.eventsourcing.browsing import browser
from services.eventsourcing.clock import Clock, utc_now
from services.eventsourcing.core import Core, open_core, relay_loop
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.policy import Policy
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import MongoStore
from services.eventsourcing.tokens import ServiceTokens
from services.eventsourcing.web import service_app
from services.eventsourcing.worker import Loop, Worker
from services.identity.account import http as account_http
from services.identity.account.answer_store import AnswerStore
from services.identity.account.registration import Registration
from services.identity.catalog import registry
from services.identity.code import http as code_http
from services.identity.code.code_store import CodeStore
from services.identity.code.codes import Codes
from services.identity.erasure.policy import NAME as ERASURES
from services.identity.erasure.policy import Forgetting
from services.identity.naming import Index
from services.identity.owner_store import Owners
from services.identity.password import http as password_http
from services.identity.password.changing import Changing
from services.identity.password.hashing import Hasher
from services.identity.password.password_store import PasswordStore
from services.identity.sign_in import http as sign_in_http
from services.identity.sign_in.doors import Doors
from services.identity.sign_in.sign_in import SignIn
from services.identity.staff import http as staff_http
from services.identity.staff.one_time import OneTimePasswords
from services.identity.staff.policy import NAME, StaffAccounts
from services.identity.throttle.throttle_store import Throttle

HTTP = (account_http, code_http, password_http, sign_in_http, staff_http)


def create_app(settings: Settings, clock: Clock = utc_now) -> Flask:
    """The web process."""
    core = open_core(settings, registry)
    app = service_app("identity", ServiceTokens(settings.service_secret), core.ready, settings.ops_bind)
    app.extensions.update(_parts(core, settings, clock))
    for http in HTTP:
        http.add_routes(app)
    app.register_blueprint(browser(core.store, core.vault))
    return app


def create_worker(settings: Settings) -> Worker:
    """The worker process: publishes this service's events, follows those of the diary."""
    core = open_core(settings, registry)
    policies = make_staff_policy(settings, core), make_erasures(settings, core)
    loops = [relay_loop(settings, core), *map(_loop, policies)]
    return Worker("identity", core.db, loops)


def make_staff_policy(settings: Settings, core: Core) -> Policy:
    """The policy that opens and closes staff accounts."""
    accounts = StaffAccounts(core.executor, Index(settings.master_key), utc_now)
    store = ProjectionStore(core.db, NAME)
    return Policy(NAME, store, KafkaLog(settings.kafka), settings.topics("diary"), accounts.handlers(), core.vault)


def make_erasures(settings: Settings, core: Core) -> Policy:
    """The policy that forgets the secrets of erased persons."""
    answers = AnswerStore(core.db, core.vault, Hasher(settings.master_key))
    stores = (PasswordStore(core.db), answers, CodeStore(core.db), Owners(core.db))
    forgetting = Forgetting(core.executor, *stores, utc_now)
    store = ProjectionStore(core.db, ERASURES)
    topics = settings.topics("identity")
    return Policy(ERASURES, store, KafkaLog(settings.kafka), topics, forgetting.handlers(), core.vault)


def _loop(policy: Policy) -> Loop:
    return Loop(policy.name, lambda _epoch: policy.run_once(0.5), lost=policy.reset)


def init(settings: Settings) -> None:
    """Collections, indexes and topics; may be run again at any time."""
    core = open_core(settings, registry)
    MongoStore(core.db).init()
    for policy in (NAME, ERASURES):
        ProjectionStore(core.db, policy).init()
    for store in (PasswordStore(core.db), CodeStore(core.db), Throttle(core.db, utc_now)):
        store.init()
    AnswerStore(core.db, core.vault, Hasher(settings.master_key)).init()
    KafkaLog(settings.kafka).require_topics(settings.partitions())


def _parts(core: Core, settings: Settings, clock: Clock) -> dict[str, object]:
    db, executor = core.db, core.executor
    index, hasher, throttle = Index(settings.master_key), Hasher(settings.master_key), Throttle(db, clock)
    owners, passwords = Owners(db), PasswordStore(db)
    answers = AnswerStore(db, core.vault, hasher)
    codes = Codes(executor, CodeStore(db), owners, index, hasher, clock)
    return {
        "core": core,
        "index": index,
        "hasher": hasher,
        "throttle": throttle,
        "codes": codes,
        "registration": Registration(executor, passwords, answers, codes, hasher, index, throttle, clock),
        "sign-in": SignIn(executor, Doors(owners, passwords, index), hasher, throttle),
        "changing": Changing(executor, passwords, hasher, throttle, clock),
        "one-time-passwords": OneTimePasswords(executor, passwords, hasher, clock),
    }
