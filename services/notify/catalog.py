"""Every event of notify under its stored name."""

from __future__ import annotations

from services.eventsourcing.registry import Registry
from services.notify.notice.events import NotificationFailed, NotificationSent

registry = Registry("notify")
registry.event("NotificationSent", 1, NotificationSent, about=("account",))
registry.event("NotificationFailed", 1, NotificationFailed, about=("account",))
