"""What processes of a rebuild and of a verification tell each other through pipes."""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from multiprocessing import Pipe

import pytest

from services.eventsourcing.rebuilding.exchange import Parcel, Piped
from services.eventsourcing.verifying.working import Telling


def test_a_slot_hears_every_round_of_another_in_order_also_those_sent_ahead() -> None:
    one, other = Pipe()
    here, there = Piped(0, {1: one}), Piped(1, {0: other})
    for full in (False, True):
        there.send({0: Parcel(full=full)})

    assert [parcel.full for _ in range(2) for parcel in here.receive()] == [False, True]


@pytest.mark.parametrize("sent", [b"", struct.pack("!i", 1_000) + b"half a parcel"])
def test_a_slot_that_is_gone_between_or_within_parcels_is_noticed_in_one_way(sent: bytes) -> None:
    one, other = Pipe()
    here = Piped(0, {1: one})
    os.write(other.fileno(), sent)
    other.close()

    with pytest.raises(EOFError):
        here.receive()


def test_the_end_of_a_work_is_told_however_soon_after_the_last_word() -> None:
    ours, theirs = Pipe()
    tell = Telling(theirs, "log", 10)
    for done in (1, 2, 10):
        tell(done)

    theirs.close()

    said = []
    with suppress(EOFError):
        while True:
            said.append(ours.recv())
    assert said == [("progress", ("log", 1, 10)), ("progress", ("log", 10, 10))]
