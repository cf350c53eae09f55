"""How processes share partitions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.eventsourcing.log import Place
from services.eventsourcing.rebuilding.build import SHARDS
from services.eventsourcing.rebuilding.slot import owners_of_shards
from services.eventsourcing.sharing import shared_out

PLACES = [Place("diary.events", number) for number in range(16)]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=20), st.integers(1, 4))
def test_no_process_has_more_than_the_others_by_more_than_a_partition(sizes: list[int], count: int) -> None:
    owners = shared_out(dict(enumerate(sizes)), count)
    assert sorted(owners) == list(range(len(sizes)))
    load = [sum(size for number, size in enumerate(sizes) if owners[number] == process) for process in range(count)]
    assert max(load) - min(load) <= max(sizes) + len(sizes)


def test_empty_partitions_are_shared_as_well() -> None:
    owners = list(shared_out(dict.fromkeys(range(16), 0), 4).values())
    assert [owners.count(process) for process in range(4)] == [4, 4, 4, 4]


def test_the_shards_of_a_partition_belong_to_who_reads_it() -> None:
    owners = owners_of_shards(PLACES, {PLACES[3]: 100}, 2)
    assert len(owners) == SHARDS
    assert all(owners[shard] == owners[shard % 16] for shard in range(SHARDS))
    assert sum(owner == owners[3] for owner in owners[:16]) < 8
