"""What the gateway's web process is wired from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.eventsourcing.clock import Clock
from services.eventsourcing.settings import Settings
from services.eventsourcing.wait import Waiting
from services.gateway.backends import Backend, Diary, Done, Identity
from services.gateway.console.samples_store import Samples
from services.gateway.console.verifications_store import Verifications
from services.gateway.freshness_store import Freshness
from services.gateway.live.feed_store import Feed
from services.gateway.past.reading import PastReader
from services.gateway.rates_store import Rates
from services.gateway.sessions.sessions_store import Sessions
from services.gateway.view_store import ViewStore
from services.gateway.visits_store import Visits

EXTENSION = "gateway"
APPLIED_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything pages and API reach for; csrf_key is what the tokens of forms are made with."""

    settings: Settings
    csrf_key: bytes
    clock: Clock
    views: ViewStore
    past: PastReader
    sessions: Sessions
    rates: Rates
    visits: Visits
    identity: Identity
    diary: Diary
    notify: Backend
    samples: Samples
    verifications: Verifications
    feed: Feed
    freshness: Freshness
    waiting: Waiting

    @property
    def zone(self) -> ZoneInfo:
        """The school's clock."""
        return ZoneInfo(self.settings.timezone)

    @property
    def secure(self) -> bool:
        """Is the portal served over https?"""
        return self.settings.portal_url.startswith("https://")

    def now(self) -> datetime:
        """The present moment by the school's clock."""
        return self.clock().astimezone(self.zone)

    def today(self) -> date:
        """The school's date."""
        return self.now().date()

    def applied(self, done: Done) -> bool:
        """Do the views show what a command committed? Waits a moment for it."""
        return not done.stream or self.waiting.wait_for(done.stream, done.version, APPLIED_SECONDS)
