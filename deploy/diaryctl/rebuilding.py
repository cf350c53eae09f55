"""Rebuilding views of an installation: what goes together, how long it will take, and doing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from pymongo.errors import OperationFailure

from deploy.diaryctl.installation import Installation
from deploy.diaryctl.progress import work_bar
from deploy.diaryctl.projected import Projected
from deploy.diaryctl.storing import store_of
from services.eventsourcing.core import open_vault
from services.eventsourcing.log import LogReplaced, OffsetLost
from services.eventsourcing.packing import Unstorable
from services.eventsourcing.projection_store import Differs, Fenced
from services.eventsourcing.rebuilding.build import Busy, Unfinished
from services.eventsourcing.rebuilding.crew import Crew, CrewLost
from services.eventsourcing.rebuilding.held import CannotFold
from services.eventsourcing.rebuilding.rebuild import Rebuild, Rebuilt
from services.eventsourcing.rebuilding.trial import rate
from services.eventsourcing.vault import Broken

SLOT = "deploy.diaryctl.rebuild_slot"
REFUSALS = (
    Broken, Busy, CannotFold, CrewLost, Differs, Fenced, LogReplaced, LookupError, OffsetLost, OperationFailure,
    Unfinished, Unstorable,
)  # fmt: skip

Group = Sequence[Projected]  # views of one projector


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a rebuild would cost. The rate is that of the first events, folded in memory without writing."""

    views: list[str]
    events: int
    events_per_second: float
    seconds: float
    megabytes: float
    state: str


def grouped(chosen: Sequence[Projected]) -> list[Group]:
    """The views by the projector that keeps them: those of one are built together and read the log once."""
    ordered = sorted(chosen, key=lambda one: (one.service, one.projector, one.view.name))
    return [list(group) for _, group in groupby(ordered, key=lambda one: (one.service, one.projector))]


def rebuild_views(
    place: Installation, group: Group, processes: int, *, switch: bool, force: bool, shown: bool
) -> list[Rebuilt]:
    """Build them together. Raises what REFUSALS lists."""
    one = group[0]
    environment = {**place.environment, "SD_DATABASE": place.db(one.service).name}
    crew = Crew(SLOT, one.service, one.projector, environment, processes) if processes > 1 else None
    with work_bar(" ".join(each.view.name for each in group), "events", shown) as report:
        work = Rebuild(
            store_of(place, one),
            place.log,
            [each.view for each in group],
            open_vault(place.settings(one.service)),
            report,
            crew,
        )
        return work.run(force=force, switch=switch)


def roll_back(place: Installation, one: Projected, *, shown: bool) -> list[Rebuilt]:
    """Make the earlier generation live. Raises what REFUSALS lists."""
    vault = open_vault(place.settings(one.service))
    with work_bar(one.view.name, "events", shown) as report:
        return Rebuild(store_of(place, one), place.log, [one.view], vault, report).roll_back()


def estimate(place: Installation, group: Group, processes: int) -> Estimate:
    """How many events, how long, how large: by the first seconds of the log and the size of the live documents."""
    store = store_of(place, group[0])
    offsets = {where: checkpoint.next for where, checkpoint in store.positions().items()}
    found = store.builds.standing()
    names = [one.view.name for one in group]
    going_on = found is not None and set(found["views"]) == set(names) and found["state"] != "failed"
    left = sum(offsets.values()) - (sum(one.next for one in store.builds.readings().values()) if going_on else 0)
    each = rate(place.log, offsets, [one.view for one in group], open_vault(place.settings(group[0].service)))
    live = [generation for name in names if (generation := store.generation(name))]
    size = sum(store.docs.size(generation.collection) for generation in live)
    state = f"{found['state']} by {found['by']} since {found['since']}" if found else "not begun"
    speed = each * processes
    return Estimate(names, left, speed, left / speed if speed else 0.0, size / 1_000_000, state)
