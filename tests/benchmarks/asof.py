"""asof_ms, asof_year_ms: pages of a pupil as they were at the end of a simulated school year."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient

from deploy.demo.calendar import school_year
from deploy.simulation.publishing import publish
from deploy.simulation.run import REGISTRIES, simulate
from deploy.simulation.town import Town
from services.eventsourcing.clock import stamp, utc_now
from services.eventsourcing.core import open_vault
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.projector import Projector
from services.gateway.calendar import weeks_between
from services.gateway.past.past_store import PastStore
from services.gateway.past.reading import PastReader
from services.gateway.sessions.sessions_store import Sessions
from services.gateway.view_store import PROJECTOR, ViewStore
from services.gateway.views import VIEWS
from tests.benchmarks.figures import Figures
from tests.benchmarks.timing import once, percentile
from tests.kit.world import World

LOOKS = 100
READERS = 25


def measure(world: World, figures: Figures, events: int) -> None:
    """Write a year, project it, then look at its last week as it was, and at all documents of a pupil's year."""
    town = Town.of_events(events)
    ends = school_year(date(town.year, 9, 1)).ends
    _fill(world, town)
    _project(world)
    views = ViewStore(world.database("gateway", "web"))
    families = _families(views)
    figures.add("asof_streams", views.projections.count("past.g1"), "streams")
    for name, look in (
        ("asof", lambda: _pages(world, families, ends)),
        ("asof_year", lambda: _years(world, views, families, ends)),
    ):
        before = time.process_time()
        taken = look()
        figures.add(f"{name}_ms", 1000 * percentile(taken, 0.95))
        figures.add(f"{name}_cpu_ms", 1000 * (time.process_time() - before) / len(taken), "ms")
    size = world.database("gateway").command("collStats", "past.g1")
    figures.add("asof_mb", (size["storageSize"] + size["totalIndexSize"]) / 1e6, "MB")


def _fill(world: World, town: Town) -> None:
    for service in (*REGISTRIES, "gateway"):
        world.init(service)
    settings = world.settings("diary", "worker")
    databases = {service: world.database(service) for service in REGISTRIES}
    simulate(town, databases, open_vault(settings), settings.master_key)
    for service in REGISTRIES:
        publish(world.settings(service, "worker"), databases[service], lambda done, total: None)


def _project(world: World) -> None:
    settings, db = world.settings("gateway", "worker"), world.database("gateway")
    topics, log = settings.topics(*REGISTRIES), KafkaLog(settings.kafka)
    store = ProjectionStore(db, PROJECTOR)
    projector = Projector(store, log, topics, VIEWS, open_vault(settings))
    reader = log.reader()
    reader.seek(dict.fromkeys(log.places(topics), 0))
    ends = reader.ends()
    reader.close()
    while any(end > at for place, end in ends.items() if (at := _reached(store, place)) is not None):
        projector.run_once(0.5)
    projector.reset()


def _reached(store: ProjectionStore, place: Any) -> int:
    found = store.positions().get(place)
    return found.next if found else 0


def _families(views: ViewStore) -> Sequence[tuple[str, str]]:
    """(account, pupil) of some families."""
    found = views.projections.documents(views.collection("access") or "")
    linked = ((account, next(iter(doc["children"]))) for account, doc in found if doc.get("children"))
    return [pair for _, pair in zip(range(READERS), linked, strict=False)]


def _pages(world: World, families: Sequence[tuple[str, str]], ends: date) -> list[float]:
    """What each look at the last week took, as far as the web process is asked: HTTP itself costs the same as ever."""
    client: FlaskClient = world.app("gateway").test_client()
    sessions = Sessions(world.database("gateway"), utc_now)
    tokens = {account: sessions.open("portal", account) for account, _ in families}

    def look(number: int) -> None:
        account, pupil = families[number % len(families)]
        path = f"/api/v1/diaries/{pupil}/week?date={ends - timedelta(days=number % 5)}&asof={ends}"
        answer = client.get(path, headers={"Authorization": f"Bearer {tokens[account]}"})
        assert answer.status_code == 200, answer.get_data(as_text=True)

    look(0)
    return [once(lambda number=number: look(number)) for number in range(LOOKS)]


def _years(world: World, views: ViewStore, families: Sequence[tuple[str, str]], ends: date) -> list[float]:
    """Every document of a pupil's year, folded up to its end: entries, lessons of all groups, the groups themselves."""
    reader = PastReader(PastStore(views), open_vault(world.settings("gateway", "web")))
    weeks, at = weeks_between(ends - timedelta(weeks=40), ends), stamp(utc_now())

    def fold(pupil: str) -> None:
        past = reader.until(at)
        groups = past.get("week", f"pupil:{pupil}")["groups"]
        keys = [f"entries:{pupil}:{week}" for week in weeks] + [f"group:{group}" for group in groups]
        assert past.find("week", keys + [f"lessons:{group}:{week}" for group in groups for week in weeks])

    return [once(lambda pupil=pupil: fold(pupil)) for _, pupil in families]
