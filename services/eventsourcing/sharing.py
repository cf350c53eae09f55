"""How processes share partitions. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def shared_out(sizes: Mapping[int, int], count: int) -> dict[int, int]:
    """Which of `count` processes has each partition, so that all have about as much to do.

    The largest are given away first, each to the process that has least: nobody has more than the others by more than
    a partition (longest processing time first, R. L. Graham, 1969).
    """
    load, owners = [0] * count, dict[int, int]()
    for partition in sorted(sizes, key=lambda one: (-sizes[one], one)):
        owners[partition] = owner = load.index(min(load))
        load[owner] += sizes[partition] + 1  # an empty one is some work too
    return owners
