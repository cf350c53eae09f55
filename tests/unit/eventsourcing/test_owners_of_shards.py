"""How slots share the work of a rebuild."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.eventsourcing.log import Place
from services.eventsourcing.rebuilding.build import SHARDS
from services.eventsourcing.rebuilding.slot import owners_of_shards

PLACES = [Place("diary.events", number) for number in range(16)]


@given(st.lists(st.integers(0, 10_000), min_size=16, max_size=16), st.integers(1, 4))
def test_no_slot_has_more_than_the_others_by_a_partition(sizes: list[int], count: int) -> None:
    of = dict(zip(PLACES, sizes, strict=True))
    owners = owners_of_shards(PLACES, of, count)
    load = [sum(of[place] for place in PLACES if owners[place.partition] == slot) for slot in range(count)]
    assert max(load) - min(load) <= max(sizes) + len(PLACES)


def test_the_shards_of_a_partition_belong_to_who_reads_it() -> None:
    owners = owners_of_shards(PLACES, {PLACES[3]: 100}, 2)
    assert len(owners) == SHARDS
    assert all(owners[shard] == owners[shard % 16] for shard in range(SHARDS))


def test_without_sizes_each_slot_has_as_many_partitions() -> None:
    owners = owners_of_shards(PLACES, {}, 4)
    assert [owners[:16].count(slot) for slot in range(4)] == [4, 4, 4, 4]
