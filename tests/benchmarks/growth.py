"""How cost grows with work: the same figures on 10 thousand to a million events, and on one, two and four schools."""

from __future__ import annotations

from services.eventsourcing.ids import derived_id
from services.eventsourcing.store_mongo import MongoStore
from services.gateway.fold import week_of
from services.gateway.view_store import ViewStore
from tests.benchmarks import pipeline
from tests.benchmarks.appending import WRITERS, Writer
from tests.benchmarks.figures import Figures
from tests.benchmarks.past import CLASSES, EVENTS_OF_LESSON, FIRST_DAY, SUBJECTS, pupils
from tests.benchmarks.timing import many, once, percentile
from tests.kit.world import World

EVENTS = (10_000, 100_000, 1_000_000)
SCHOOLS = (1, 2, 4)
USUAL_EVENTS = 100_000
SECONDS = 3.0
LOOKS = 200


def steps(quick: bool) -> list[tuple[str, int, int]]:
    """(name, events, schools) of each step; the largest takes minutes and is left out of a quick run."""
    sizes = EVENTS[:2] if quick else EVENTS
    grown = [(f"{size // 1000}k", size, 1) for size in sizes]
    return grown + [(f"{count}_schools", USUAL_EVENTS, count) for count in SCHOOLS[1:]]


def measure(world: World, figures: Figures, name: str, events: int, schools: int) -> None:
    """Publish and fold so many events, then append to the store and read from the views they have made."""
    own = Figures({})
    pipeline.measure(world, own, events // EVENTS_OF_LESSON, schools)
    store = MongoStore(world.database("diary", "web"))
    writers = [Writer(store, f"lesson-grown{number}.1") for number in range(WRITERS)]
    rate, taken = many(lambda at: writers[at].append(), WRITERS, SECONDS)
    for figure in ("relay", "project_live"):
        figures.add(f"{figure}@{name}", own.found[figure].value, "events/s")
    figures.add(f"append_16@{name}", rate, "commits/s")
    figures.add(f"append_16_p99_ms@{name}", percentile(taken, 0.99) * 1000, "ms")
    figures.add(f"load_lesson_ms@{name}", _load_ms(store), "ms")
    figures.add(f"week_documents_ms@{name}", _week_ms(world, schools), "ms")


def _load_ms(store: MongoStore) -> float:
    """Reading the commits of one lesson, as every command on it begins."""
    group = derived_id("s0c0", SUBJECTS[0])
    stream = f"lesson-{group}.{FIRST_DAY.isoformat()}.1"
    return 1000 * percentile([once(lambda: store.read(stream)) for _ in range(LOOKS)], 0.5)


def _week_ms(world: World, schools: int) -> float:
    """Fetching the documents of a pupil's week, the query a family's page makes."""
    views, week = ViewStore(world.database("gateway", "web")), week_of(FIRST_DAY.isoformat())
    taken = []
    for look in range(LOOKS):
        form = f"s{look % schools}c{look % CLASSES}"
        ids = [f"lessons:{derived_id(form, subject)}:{week}" for subject in SUBJECTS]
        ids.append(f"entries:{pupils(form)[look % 25]}:{week}")
        taken.append(once(lambda ids=ids: views.find("week", ids)))
    return 1000 * percentile(taken, 0.5)
