"""Short forms: a lost log, a forgotten oplog, a store and a log that disagree."""

from __future__ import annotations

from pathlib import Path

from deploy.local.servers import Servers
from tests.faults import losing
from tests.faults.putting import Proving
from tests.kit.system import System
from tests.kit.world import World, Worlds


def test_every_damage_of_log_and_store_is_named(world: World) -> None:
    assert not losing.disagreeing(world, events=2_000).violations


def test_a_relay_whose_change_stream_is_lost_sweeps_everything_and_warns_once(tmp_path: Path) -> None:
    with Servers(tmp_path, oplog_mb=losing.OPLOG_MB) as servers, Worlds(servers) as worlds, worlds.fresh() as world:
        row = losing.forgotten(world, events=400)
    assert not row.violations
    assert row.counts and row.counts.lost == 0


def test_a_log_lost_under_load_is_filled_anew_and_nothing_is_lost_doubled_or_sent_again(
    system: System, proving: Proving
) -> None:
    row = losing.log_lost(proving, times=1)
    assert not row.violations
    assert row.counts and (row.counts.lost, row.counts.doubled) == (0, 0)
    assert system.diaryctl_json("verify")["equal"]
    verdicts = system.diaryctl_json("doctor")
    assert not [one for one in verdicts if one["state"] == "failure"]
