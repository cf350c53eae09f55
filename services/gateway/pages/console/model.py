"""The operators' page: how every service stands, and the browser of streams."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from services.gateway.console.verifications_store import Verification
from services.gateway.pages.shared import Form


@dataclass(frozen=True)
class Line:
    """A number over time for a chart: points as (0..1 of the span, value); None where nothing was told."""

    points: tuple[tuple[float, float], ...]
    most: float


@dataclass(frozen=True)
class LoopRow:
    """A loop of a worker; `state` is its own word."""

    service: str
    name: str
    state: str
    seconds: float

    @property
    def well(self) -> bool:
        return self.state in ("working", "standby", "starting") and self.seconds < 30


@dataclass(frozen=True)
class ReaderRow:
    """A projector or policy. behind: events; None when the log does not answer."""

    name: str
    behind: int | None
    parked: int
    rate: float
    line: Line


@dataclass(frozen=True)
class RelayRow:
    """What waits to be published, and how fast it goes."""

    service: str
    unpublished: int
    rate: float
    line: Line


@dataclass(frozen=True)
class ParkedRow:
    """A stream that stands still."""

    service: str
    view: str
    stream: str
    since: str
    waiting: int
    reason: str


@dataclass(frozen=True)
class BuildRow:
    """A rebuild that is at work, interrupted, or waits for its switch."""

    service: str
    views: str
    state: str
    by: str
    done: int
    total: int
    reason: str


@dataclass(frozen=True)
class ConsumerRow:
    """A consumer group of analysts."""

    group: str
    state: str
    members: int | None
    lag: int
    well: bool


@dataclass(frozen=True)
class Proofs:
    """The last proof that store, log and views are equal, and the last seal; None where there is none."""

    verification: Verification | None = None
    seal: dict[str, Any] | None = None


NONE = Proofs()


@dataclass(frozen=True)
class ConsolePage:
    """`at` is when the newest sample was taken, None when there is none; `silent` are services that did not answer."""

    at: datetime | None
    stale: bool
    silent: tuple[str, ...] = ()
    loops: tuple[LoopRow, ...] = ()
    readers: tuple[ReaderRow, ...] = ()
    relays: tuple[RelayRow, ...] = ()
    parked: tuple[ParkedRow, ...] = ()
    builds: tuple[BuildRow, ...] = ()
    consumers: tuple[ConsumerRow, ...] | None = ()
    proofs: Proofs = NONE
    minutes: int = 60
    place: Literal["console"] = "console"

    @property
    def well(self) -> bool:
        late = any(reader.behind is None for reader in self.readers)
        return not (self.stale or self.silent or self.parked or late or any(not loop.well for loop in self.loops))


@dataclass(frozen=True)
class Asked:
    """What the browser of streams is asked for."""

    service: str = "diary"
    stream: str = ""
    person: str = ""
    reason: str = ""
    after: int = 0


@dataclass(frozen=True)
class StreamsPage:
    """The commits found; `opened` when their contents are shown."""

    asked: Asked
    commits: tuple[dict[str, Any], ...] | None = None
    more: bool = False
    opened: bool = False
    form: Form = field(default_factory=Form)
    place: Literal["streams"] = "streams"
