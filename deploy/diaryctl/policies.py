"""Every policy of the installation, made with the operator's rights to take up what it has parked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.diary import app as diary
from services.diary.catalog import registry as diary_events
from services.diary.policies import erasing, opening
from services.eventsourcing.core import open_core, open_vault
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.policy import Policy
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.settings import Settings
from services.gateway import app as gateway
from services.identity import app as identity
from services.identity.catalog import registry as identity_events
from services.identity.erasure.policy import NAME as ERASURES
from services.identity.staff.policy import NAME as STAFF
from services.notify import app as notify
from services.notify.catalog import registry as notify_events
from services.notify.recipients.recipients_store import PROJECTOR, Recipients

Make = Callable[[Settings], Policy]


def _staff(settings: Settings) -> Policy:
    return identity.make_staff_policy(settings, open_core(settings, identity_events))


def _erasures(settings: Settings) -> Policy:
    return identity.make_erasures(settings, open_core(settings, identity_events))


def _opening(settings: Settings) -> Policy:
    return diary.make_policy(settings, open_core(settings, diary_events))


def _erasing(settings: Settings) -> Policy:
    return diary.make_eraser(settings, open_core(settings, diary_events))


def _mailing(settings: Settings) -> Policy:
    core = open_core(settings, notify_events)
    return notify.make_policy(settings, core, Recipients(ProjectionStore(core.db, PROJECTOR)))


def _sessions(settings: Settings) -> Policy:
    db = gateway.database(settings)
    return gateway.make_revoker(settings, db, open_vault(settings), KafkaLog(settings.kafka))


POLICIES: Mapping[tuple[str, str], Make] = {
    ("identity", STAFF): _staff,
    ("identity", ERASURES): _erasures,
    ("diary", opening.NAME): _opening,
    ("diary", erasing.NAME): _erasing,
    ("notify", notify.POLICY): _mailing,
    ("gateway", gateway.REVOKER): _sessions,
}
