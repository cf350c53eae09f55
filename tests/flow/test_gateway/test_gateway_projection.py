"""From the log to the page: the gateway's own worker over real Kafka, and a rebuild that gives the same."""

from __future__ import annotations

from services.eventsourcing.core import open_vault
from services.eventsourcing.log import Outgoing
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import partition_key, to_wire
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.rebuilding.rebuild import Rebuild
from services.gateway.view_store import PROJECTOR
from services.gateway.views import VIEWS
from tests.flow.test_gateway.portal import Portal
from tests.kit.waiting import eventually
from tests.kit.world import World
from tests.unit.gateway.history import MASHA, PARENT, TUESDAY, History, small_school


def publish(world: World, history: History) -> None:
    """Write a history to the log as the services' relays do."""
    log, settings = KafkaLog(world.servers.bootstrap), world.settings("gateway")
    for service in ("identity", "diary"):
        own = [event for event in history.events if event.stream.startswith("account-") == (service == "identity")]
        publisher = log.publisher(settings.topics(service)[0])
        records = [Outgoing(partition_key(event.stream), to_wire(event, f"/{service}")) for event in own]
        assert None not in publisher.publish(records)
        publisher.close()


def test_events_on_the_log_become_the_page_and_a_rebuild_equals_it(portal: Portal) -> None:
    world = portal.world
    for view in VIEWS:
        world.database("gateway")[f"{view.name}.g1"].delete_many({})
    history = small_school().test(TUESDAY).grade(TUESDAY, MASHA, "5", 3)
    publish(world, history)
    worker = world.worker("gateway")
    client = portal.browser(PARENT)

    def marks(moment: str = "") -> list[str]:
        week = client.get(f"/api/v1/diaries/{MASHA}/week?date={TUESDAY}&asof={moment}").get_json()
        lessons = [lesson for day in week["days"] for lesson in day["lessons"]]
        return [mark["value"] for lesson in lessons for mark in lesson["marks"]]

    assert eventually(marks) == ["5"]
    store = ProjectionStore(world.database("gateway"), PROJECTOR)
    eventually(lambda: all(store.head(event.stream) >= event.version for event in history.events))
    worker.stop()
    log, vault = KafkaLog(world.servers.bootstrap), open_vault(world.settings("gateway", "worker"))
    rebuilt = Rebuild(store, log, VIEWS, vault).run()
    assert [result.equal for result in rebuilt] == [True] * len(VIEWS)
    assert store.parked() == set()
    assert marks() == ["5"]
    assert marks("2026-11-24T09:00") == ["5"]  # 06:00 UTC
    assert client.get(f"/api/v1/diaries/{MASHA}/week?asof=2026-11-24T08:59").get_json()["code"] == "asof-before-school"
