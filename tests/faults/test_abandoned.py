"""A process that dies in the middle of a transaction leaves locks behind: its successor waits for seconds only."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

from services.eventsourcing import crash
from tests.faults import toys
from tests.kit.world import World

LONGEST = 15.0  # the promise of F1: no lag after this time; the server gives up what is abandoned after six to nine


def test_the_successor_of_a_process_killed_in_a_transaction_waits_for_seconds(world: World) -> None:
    stage = toys.stage_of(world)
    environment = world.environment(stage.settings) | {crash.VARIABLE: "projection.in-transaction:1"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.program"], env=environment, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    began = time.monotonic()
    stage.flow()
    assert time.monotonic() - began < LONGEST
    assert toys.evidence(stage).projectors[0].heads
