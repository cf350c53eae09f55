"""Hashes: the same for the same, few at a time, never without the pepper."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from services.eventsourcing.decider import Busy
from services.identity.password import hashing
from services.identity.password.hashing import AT_ONCE, WAITING, Hasher, equal
from tests.kit.waiting import eventually

MASTER = b"m" * 32


def test_the_same_secret_of_the_same_subject_has_the_same_hash() -> None:
    assert equal(Hasher(MASTER).hash("тайна", "a"), Hasher(MASTER).hash("тайна", "a"))


def test_another_secret_subject_or_installation_has_another_hash() -> None:
    hasher = Hasher(MASTER)
    hashes = [hasher.hash("one", "a"), hasher.hash("two", "a"), hasher.hash("one", "b"), Hasher(b"x").hash("one", "a")]
    assert len(set(hashes)) == 4


def test_composed_and_decomposed_letters_are_the_same_password() -> None:
    hasher = Hasher(MASTER)
    assert hasher.hash("йод и ёж", "a") == hasher.hash(unicodedata.normalize("NFD", "йод и ёж"), "a")


def test_the_cost_is_that_of_the_standard() -> None:
    assert Hasher(MASTER).hash("x", "a").startswith("$argon2id$v=19$m=47104,t=1,p=1$")


def test_who_comes_when_the_queue_is_full_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = Hasher(MASTER)
    go_on, running = Event(), []

    def held(*_: object) -> bytes:
        running.append(1)
        go_on.wait(30)
        return b"hash"

    monkeypatch.setattr(hashing, "hash_secret", held)
    with ThreadPoolExecutor(AT_ONCE + WAITING) as pool:
        waiting = [pool.submit(hasher.hash, "x", "a") for _ in range(AT_ONCE + WAITING)]
        try:
            eventually(lambda: hasher.queued == AT_ONCE + WAITING)
            with pytest.raises(Busy):
                hasher.hash("x", "a")
            assert len(running) <= AT_ONCE
        finally:
            go_on.set()
    assert [one.result() for one in waiting] == ["hash"] * (AT_ONCE + WAITING)
    assert hasher.done == AT_ONCE + WAITING
