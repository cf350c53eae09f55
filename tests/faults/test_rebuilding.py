"""The short form of F16; `make faults ONLY=F16` puts it as often as the table says."""

from __future__ import annotations

from tests.faults import rebuilding
from tests.kit.world import World


def test_a_rebuild_that_is_killed_and_meets_poison_never_switches_and_one_that_ends_well_is_equal(world: World) -> None:
    row = rebuilding.rebuilt(world, 2_000, 2)
    assert not row.violations
    assert row.counts and (row.counts.lost, row.counts.doubled) == (0, 0)
