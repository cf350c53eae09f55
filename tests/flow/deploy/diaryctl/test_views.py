"""What an operator types to build views anew, and what diaryctl answers."""

from __future__ import annotations

from datetime import date

import pytest

from deploy.diaryctl.person.sweeping import drop_former_generations
from deploy.simulation.publishing import publish
from deploy.simulation.run import REGISTRIES, simulate
from deploy.simulation.town import Town
from services.eventsourcing.core import open_vault
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.rebuilding import rebuild
from services.gateway.view_store import PROJECTOR
from services.gateway.views import VIEWS
from tests.kit.operator import Operator
from tests.kit.waiting import eventually
from tests.kit.world import World

NAMES = sorted(view.name for view in VIEWS)


@pytest.fixture
def operator(world: World, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Of a town whose first days are in the views of the gateway; every rebuild is done by two processes."""
    monkeypatch.setattr(rebuild, "WORTH_A_CREW", 0)
    for service in ("identity", "diary", "notify", "gateway"):
        world.init(service)
    settings = world.settings("diary", "worker")
    databases = {service: world.database(service) for service in REGISTRIES}
    simulate(Town(1, 9, 2025, until=date(2025, 9, 3)), databases, open_vault(settings), settings.master_key)
    for service in REGISTRIES:
        publish(world.settings(service, "worker"), databases[service], lambda done, total: None)
    worker = world.worker("gateway")
    made = Operator(world, monkeypatch)
    reader = made.place.log.reader()
    reader.seek(dict.fromkeys(made.place.log.places(settings.topics("identity", "diary")), 0))
    ends = reader.ends()
    reader.close()
    store = ProjectionStore(world.database("gateway"), PROJECTOR)
    eventually(lambda: all(store.positions()[place].next == end for place, end in ends.items()))
    worker.stop()
    return made


def live(operator: Operator, view: str) -> str:
    found = {one["view"]: one for one in operator.reads("views", "list")}
    return str(found[view]["live"])


def test_views_are_estimated_built_together_switched_taken_back_and_dropped(operator: Operator) -> None:
    (estimate,) = operator.reads("views", "rebuild", *NAMES, "--dry-run")
    assert estimate["views"] == NAMES and estimate["events"] > 0 and estimate["seconds"] > 0
    done = operator.reads("views", "rebuild", *NAMES, "--yes")
    assert [(one["view"], one["equal"], one["switched"]) for one in done] == [(name, True, True) for name in NAMES]
    assert {one["events"] for one in done} == {estimate["events"]}

    (built,) = operator.reads("views", "rebuild", "week", "--no-switch", "--yes")
    assert (built["switched"], live(operator, "week")) == (False, "week.g2")
    operator.reads("views", "switch", "week", "--yes")
    assert live(operator, "week") == "week.g3"
    operator.reads("views", "rollback", "week", "--yes")
    assert live(operator, "week") == "week.g2"
    assert operator.reads("views", "drop", "week", "--yes") == {"dropped": ["week.g1", "week.g3"]}
    refused = operator.types("views", "rollback", "week", "--yes")
    assert (refused.exit_code, live(operator, "week")) == (1, "week.g2")


def test_a_build_that_nobody_goes_on_with_leaves_with_an_erased_person(operator: Operator) -> None:
    operator.reads("views", "rebuild", "week", "--no-switch", "--yes")
    collections = operator.place.db("gateway").list_collection_names
    assert "week.g2" in collections()
    assert "gateway.week.g2" in drop_former_generations(operator.place)
    assert "week.g2" not in collections() and live(operator, "week") == "week.g1"
    (done,) = operator.reads("views", "rebuild", "week", "--yes")
    assert (done["equal"], done["switched"]) == (True, True)


def test_wrong_use_and_a_no_change_nothing(operator: Operator) -> None:
    assert operator.types("views", "rebuild").exit_code == 2
    assert operator.types("views", "rebuild", "months").exit_code == 2
    assert operator.types("views", "switch", "week", "--yes").exit_code == 1
    assert operator.types("views", "rebuild", "week", answer="n\n").exit_code == 1
    assert live(operator, "week") == "week.g1"
