"""A clock that stands still until it is told to move."""

from datetime import UTC, datetime, timedelta

MORNING = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


class FrozenClock:
    """A services.eventsourcing.clock.Clock for tests."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The moment it stands at."""
        return self.now

    def forward(self, **amount: float) -> None:
        """Move on, as in clock.forward(minutes=15)."""
        self.now += timedelta(**amount)
