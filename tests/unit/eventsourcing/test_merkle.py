"""Merkle trees: the definition of RFC 6962, its published test vectors, and what a proof proves."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.eventsourcing.merkle import leaf_hash, proof, root, root_by_proof

LEAVES = st.lists(st.binary(max_size=8), min_size=1, max_size=70)
VECTORS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [  # of the first n of these leaves: the vectors of the reference implementation of Certificate Transparency
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def by_definition(leaves: list[bytes]) -> bytes:
    """Section 2.1 of RFC 6962, word by word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + by_definition(leaves[:half]) + by_definition(leaves[half:])).digest()


@pytest.mark.parametrize("count", range(1, 9))
def test_the_roots_are_those_that_others_compute(count: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(text)) for text in VECTORS[:count]]
    assert root(leaves).hex() == ROOTS[count - 1]


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_root_is_the_one_of_the_definition(leaves: list[bytes]) -> None:
    assert root([leaf_hash(leaf) for leaf in leaves]) == by_definition(leaves)


@given(LEAVES, st.data())
def test_every_leaf_can_be_proven(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    hashes = [leaf_hash(leaf) for leaf in leaves]
    assert root_by_proof(hashes[index], index, len(leaves), proof(hashes, index)) == root(hashes)


@given(LEAVES, st.data())
def test_nothing_else_can_be_proven(leaves: list[bytes], data: st.DataObject) -> None:
    """Not another leaf, another place, another tree, another way."""
    hashes = [leaf_hash(leaf) for leaf in leaves]
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = proof(hashes, index)
    other = data.draw(st.binary(max_size=8).filter(lambda leaf: leaf != leaves[index]))
    assert root_by_proof(leaf_hash(other), index, len(leaves), path) != root(hashes)
    place = data.draw(st.integers(0, len(leaves) - 1))
    if leaves[place] != leaves[index]:
        assert not leads(hashes[index], place, len(leaves), path, root(hashes))
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        changed = [*path[:at], bytes(32), *path[at + 1 :]]
        assert root_by_proof(hashes[index], index, len(leaves), changed) != root(hashes)
        assert not leads(hashes[index], index, len(leaves), path[:-1], root(hashes))
    assert not leads(hashes[index], index, len(leaves), [*path, bytes(32)], root(hashes))


@given(LEAVES, st.data())
def test_a_node_does_not_pass_for_a_leaf(leaves: list[bytes], data: st.DataObject) -> None:
    left, right = (leaf_hash(data.draw(st.binary(max_size=4))) for _ in range(2))
    assert leaf_hash(left + right) != root([left, right])


def test_a_place_outside_the_tree_is_an_error() -> None:
    with pytest.raises(IndexError):
        proof([leaf_hash(b"a")], 1)
    with pytest.raises(ValueError, match="no leaf 2"):
        root_by_proof(leaf_hash(b"a"), 2, 2, [])


def leads(leaf: bytes, index: int, size: int, path: list[bytes], to: bytes) -> bool:
    try:
        return root_by_proof(leaf, index, size, path) == to
    except ValueError:
        return False
