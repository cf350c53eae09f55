"""The demonstration on real servers: loaded fast and once; everybody can sign in, the slip opens a diary."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from deploy.demo.load import Loaded, load
from deploy.demo.registering import ACTOR
from services.eventsourcing.clock import moment, utc_now
from services.eventsourcing.mongo import Db
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import COMMITS
from services.eventsourcing.tokens import Caller, ServiceTokens
from tests.kit.world import World, Worlds

NOW = utc_now()
SILENT = timedelta(days=1)  # older events are no news to anybody


class Demo:
    """A world with the demonstration in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        for service in ("identity", "diary"):
            world.init(service)
        self.loaded: Loaded = load(self.settings, clock=lambda: NOW)

    def settings(self, service: str) -> Settings:
        return self.world.settings(service, "worker")

    def commits(self, service: str) -> int:
        database: Db = self.world.database(service)
        return database[COMMITS].count_documents({})

    def poster(self, service: str, caller: Caller) -> Callable[[str, dict[str, Any]], Any]:
        """Posts to a service as the gateway does."""
        client = self.world.app(service).test_client()
        token = ServiceTokens(self.settings(service).service_secret).issue(service, caller)
        return lambda path, body: client.post(path, json=body, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture(scope="module")
def demo(worlds: Worlds) -> Iterator[Demo]:
    with worlds.fresh() as world:
        yield Demo(world)


def test_loaded_a_second_time_it_adds_only_a_new_slip(demo: Demo) -> None:
    before = demo.commits("identity"), demo.commits("diary")
    again = load(demo.settings, clock=lambda: NOW)
    assert (demo.commits("identity"), demo.commits("diary")) == (before[0], before[1] + 1)
    assert again.sign_ins[:-1] == demo.loaded.sign_ins[:-1]
    demo.loaded = again


def test_everybody_on_the_list_can_sign_in_and_the_slip_links_a_diary(demo: Demo) -> None:
    sign_in = demo.poster("identity", Caller("service", "", "gateway"))
    *people, slip = demo.loaded.sign_ins
    for one in people:
        door = "staff" if one.where.endswith("/staff") else "portal"
        answer = sign_in("/sign-in", {"login": one.login, "password": one.password, "door": door})
        assert (answer.status_code, answer.json.get("must_change")) == (200, False), one
    link = demo.poster("diary", Caller("portal", "somebody", "gateway"))
    body = {"login": slip.login, "password": slip.password, "account": "somebody", "title": "A"}
    assert link("/links", body).status_code == 200


def test_nobody_gets_letters_about_what_was_loaded_from_the_past(demo: Demo) -> None:
    commits = demo.world.database("identity")[COMMITS].find({"events.type": "CodeIssued"})
    assert all(NOW - moment(commit["at"]) > SILENT for commit in commits)
    links = demo.world.database("diary")[COMMITS].find({"events.type": "DiaryLinked", "actor": ACTOR})
    assert all(NOW - moment(commit["at"]) > SILENT for commit in links)


def test_the_list_is_kept_for_its_owner_only(demo: Demo, tmp_path: Any) -> None:
    demo.loaded.write(tmp_path / "demo.json")
    assert (tmp_path / "demo.json").stat().st_mode & 0o077 == 0
    assert '"logins"' in (tmp_path / "demo.json").read_text()
