"""What a seal says, what it proves, and what time cannot do."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given as property_of
from hypothesis import strategies as st

from services.diary.seal.commands import TakeSeal
from services.diary.seal.decider import SEAL
from services.diary.seal.events import StoreSealed
from services.diary.seal.tree import check_signature, root_of, sealed, went_back
from services.eventsourcing.signing import Forged, Signer
from services.eventsourcing.store import Head
from tests.kit.given import given

AT = "2026-11-24T00:00:00.000000Z"
SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(b"k" * 32))
HEADS = [Head(f"lesson-{name}", 1 + number, 3, f"{number}" * 64) for number, name in enumerate("abcde")]


def seal(last: StoreSealed | None = None) -> StoreSealed:
    return sealed(HEADS, last, "diary", "cut", AT, SIGNER)


def test_seals_follow_one_another() -> None:
    first = seal()
    second = seal(first)
    assert (first.number, first.previous, second.number, second.previous) == (1, "", 2, first.root)
    given().on(SEAL).when(TakeSeal("diary", first)).then(first)
    given(first).on(SEAL).when(TakeSeal("diary", second)).then(second)


def test_of_two_seals_made_at_once_one_counts() -> None:
    given(seal()).on(SEAL).when(TakeSeal("diary", seal())).refused("seal-overtaken")


def test_any_changed_field_breaks_the_signature() -> None:
    made = seal()
    check_signature(made, SIGNER.verifier)
    for name in set(msgspec.structs.asdict(made)) - {"signature"}:
        value = getattr(made, name)
        changed = msgspec.structs.replace(made, **{name: value + 1 if isinstance(value, int) else f"{value}0"})
        with pytest.raises(Forged):
            check_signature(changed, SIGNER.verifier)


def test_another_key_does_not_pass() -> None:
    other = Signer(Ed25519PrivateKey.from_private_bytes(b"o" * 32)).verifier
    with pytest.raises(Forged, match=other.id):
        check_signature(seal(), other)


@property_of(st.integers(0, 4), st.sampled_from(["stream", "commit", "hash"]))
def test_every_head_counts_for_the_root(place: int, field: str) -> None:
    value = 99 if field == "commit" else "other"
    changed = [*HEADS[:place], replace(HEADS[place], **{field: value}), *HEADS[place + 1 :]]
    assert root_of(changed) != root_of(HEADS)


def test_a_store_only_grows() -> None:
    grown = [replace(HEADS[0], commit=7, hash="new"), *HEADS[1:], Head("lesson-z", 1, 1, "z")]
    assert went_back(HEADS, grown) == []
    assert went_back(HEADS, HEADS) == []


def test_what_vanished_shrank_or_was_rewritten_is_named() -> None:
    after = [replace(HEADS[1], commit=1, hash="old"), replace(HEADS[2], hash="rewritten"), *HEADS[3:]]
    assert went_back(HEADS, after) == [
        "lesson-a has vanished; it had 1 commits",
        "lesson-b ends with commit 1; it had 2",
        "lesson-c ends with another commit 3 than before",
    ]
