"""Merkle trees as RFC 6962 (Certificate Transparency) defines them: SHA-256, leaves and nodes hashed with different
prefixes, so that no node can pass for a leaf."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

LEAF = b"\x00"
NODE = b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf."""
    return sha256(LEAF + leaf).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, in this order. Of no leaves it is the hash of nothing."""
    if not leaves:
        return sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from the leaf at `index` to the root, nearest first."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path: list[bytes] = []
    level = list(leaves)
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):  # the last node of an odd level has nobody beside it and rises as it is
            path.append(level[beside])
        level, index = _above(level), index // 2
    return path


def root_by_proof(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a proof leads to from a leaf hash. Raises ValueError when the proof cannot be of such a tree."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    found, rest = leaf, list(path)
    last = size - 1
    while last:
        if index % 2 or index < last:
            if not rest:
                raise ValueError("the proof is too short")
            beside = rest.pop(0)
            found = _node(beside, found) if index % 2 else _node(found, beside)
        index, last = index // 2, last // 2
    if rest:
        raise ValueError("the proof is too long")
    return found


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()
