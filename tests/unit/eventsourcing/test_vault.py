"""Sealed values open where they belong and nowhere else, and not at all once the key is gone."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from pymongo.errors import BulkWriteError

from services.eventsourcing import vault as vaults
from services.eventsourcing.message import Personal
from services.eventsourcing.vault import Broken, Erased, KeyRing, MemoryKeyRing, Vault, blind_index
from services.eventsourcing.vault_mongo import MongoKeyRing
from tests.kit.toy import written
from tests.kit.world import World

FIELDS = {"name": Personal("reader", "record"), "note": Personal("reader")}
DATA = {"reader": "r1", "name": "Аня", "note": "secret", "other": 7}
MASTER = bytes(32)


@pytest.fixture(params=["memory", "mongo"])
def ring(request: pytest.FixtureRequest) -> KeyRing:
    if request.param == "memory":
        return MemoryKeyRing()
    world: World = request.getfixturevalue("world")
    return MongoKeyRing(vault_database(world), MASTER)


def vault_database(world: World) -> Any:
    client = world.database("diary").client.__class__(world.databases.urls["vault"], w="majority")
    world.on_end(client.close)
    return client[world.databases.vault]


def sealed_event(vault: Vault, version: int = 1) -> Any:
    return written(version, data=vault.sealed("book-b1", version, DATA, FIELDS))


def test_a_sealed_event_opens_to_what_it_was(ring: KeyRing) -> None:
    event = sealed_event(Vault(ring))
    assert Vault(ring).opened(event) == DATA
    assert "Аня" not in repr(event)
    assert "secret" not in repr(event)


def test_each_kind_of_data_has_its_own_key(ring: KeyRing) -> None:
    event = sealed_event(Vault(ring))
    assert ring.destroy("r1", "personal")
    assert Vault(ring).opened(event) == {**DATA, "note": None}


def test_keys_that_were_made_together_seal_like_any_other_and_are_made_once(ring: KeyRing) -> None:
    vault = Vault(ring)
    vault.prepare([("r1", "personal"), ("r1", "record")])
    assert Vault(ring).opened(sealed_event(vault)) == DATA
    with pytest.raises((ValueError, BulkWriteError)):
        Vault(ring).prepare([("r1", "record")])
    assert Vault(ring).opened(sealed_event(vault)) == DATA


def test_after_an_erasure_nothing_can_be_sealed_again(ring: KeyRing) -> None:
    sealed_event(Vault(ring))
    ring.destroy("r1", "personal")
    with pytest.raises(Erased):
        sealed_event(Vault(ring))
    assert not ring.destroy("r1", "personal")


def test_many_processes_that_need_a_first_key_make_the_same(ring: KeyRing) -> None:
    barrier = threading.Barrier(8)

    def make(_: int) -> bytes:
        barrier.wait()
        return ring.make("r1/personal")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(8)))) == 1


def test_keys_are_useless_without_the_master_key(world: World) -> None:
    database = vault_database(world)
    key = MongoKeyRing(database, MASTER).make("r1/personal")
    assert key not in database["keys"].find_one()["wrapped"]
    with pytest.raises(InvalidTag):
        MongoKeyRing(database, bytes([1] * 32)).find(["r1/personal"])


@pytest.mark.parametrize("change", [{"stream": "book-b2"}, {"version": 2}])
def test_a_value_moved_to_another_event_does_not_open(change: dict[str, Any]) -> None:
    vault = Vault(MemoryKeyRing())
    moved = written(**{"version": 1, "data": sealed_event(vault).data, **change})
    with pytest.raises(Broken):
        vault.opened(moved)


def test_a_value_moved_to_another_field_does_not_open() -> None:
    vault = Vault(MemoryKeyRing())
    data = sealed_event(vault).data
    with pytest.raises(Broken):
        vault.opened(written(1, data={"other": data["name"]}))


@pytest.mark.parametrize(
    "inner",
    [None, [], {}, {"s": 1}, {"s": "r1/record"}, {"s": "r1/record", "n": "?", "c": "?"},
     {"s": "r1/record", "n": "", "c": ""}, {"s": "r1/record", "n": 1, "c": 2},
     {"s": "r1/record", "n": "AAAA", "c": "é"}],
)  # fmt: skip
def test_what_only_looks_sealed_is_broken_and_disturbs_nobody(inner: Any) -> None:
    vault = Vault(MemoryKeyRing())
    good = sealed_event(vault)
    bad = written(2, data={"name": {"$sealed": inner}})
    vault.warm([bad, good])
    assert vault.opened(good) == DATA
    with pytest.raises(Broken):
        vault.opened(bad)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_sealed(text: str) -> None:
    vault = Vault(MemoryKeyRing())
    assert vault.open("here", vault.seal("r1", "personal", "here", text)) == text


def test_the_same_value_never_looks_the_same_twice() -> None:
    vault = Vault(MemoryKeyRing())
    assert vault.seal("r1", "personal", "here", "x") != vault.seal("r1", "personal", "here", "x")


def test_none_stays_none_and_needs_no_key() -> None:
    ring = MemoryKeyRing()
    sealed = Vault(ring).sealed("book-b1", 1, {**DATA, "note": None}, FIELDS)
    assert sealed["note"] is None
    assert not ring.find(["r1/personal"])


def test_a_destroyed_key_leaves_the_memory_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ring, now = MemoryKeyRing(), [1000.0]
    monkeypatch.setattr(vaults.time, "monotonic", lambda: now[0])
    vault = Vault(ring)
    event = sealed_event(vault)
    ring.destroy("r1", "personal")
    assert vault.opened(event)["note"] == "secret"
    now[0] += vaults.CACHE_SECONDS + 1
    assert vault.opened(event)["note"] is None
    vault.seal("r2", "personal", "here", "x")
    assert "r1/personal" not in vault._cache


def test_another_process_sees_a_key_as_soon_as_it_is_made() -> None:
    ring = MemoryKeyRing()
    reader, writer = Vault(ring), Vault(ring)
    assert reader.open("here", {"$sealed": {"s": "r1/personal", "n": "", "c": ""}}) is None
    assert reader.open("here", writer.seal("r1", "personal", "here", "x")) == "x"


def test_a_blind_index_needs_the_master_key_and_keeps_kinds_apart() -> None:
    index = blind_index(MASTER, "login", "anna")
    assert index == blind_index(MASTER, "login", "anna")
    assert len({index, blind_index(MASTER, "email", "anna"), blind_index(b"x" * 32, "login", "anna")}) == 3


def test_a_key_that_never_was_cannot_be_made_after_its_destruction(ring: KeyRing) -> None:
    assert not ring.destroy("r1", "personal")
    with pytest.raises(Erased):
        ring.make("r1/personal")


def test_another_process_forgets_a_destroyed_key_at_its_next_look(
    ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = Vault(ring), Vault(ring)
    event = sealed_event(here)
    assert there.opened(event) == DATA
    assert here.destroy("r1", "personal")
    monkeypatch.setattr(vaults, "LOOK_SECONDS", -1.0)
    assert there.opened(event) == {**DATA, "note": None}
    assert not there.settled()
    assert here.destructions() == there.destructions() == 1


def test_a_key_fetched_while_it_is_destroyed_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vaults, "LOOK_SECONDS", -1.0)

    class Slow(MemoryKeyRing):
        def find(self, ids: Any) -> Any:
            found = dict(super().find(ids))
            if "r1/personal" in found and self.interrupted:
                self.interrupted = False
                self.destroy("r1", "personal")
                reading.destructions()
            return found

        interrupted = False

    slow = Slow()
    event, reading = sealed_event(Vault(slow)), Vault(slow)
    slow.interrupted = True
    assert reading.opened(event)["note"] == "secret"  # it was fetched just before
    assert reading.opened(event)["note"] is None
