"""What slots send each other: events whose documents another slot folds, and how far each has read."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Protocol

import msgspec

IN_FLIGHT = 2  # parcels that wait for a pipe: of the last round and the one before


# Of an event: its record, for which views (bits), from which place and offset it was let through.
Sent = tuple[bytes, int, int, int]


class Parcel(msgspec.Struct, array_like=True):
    """One round of one sender for one receiver.

    Four lists of one length are the parts of what is sent of each event. `upto` is how far the sender has read each of
    its places. `full`: everybody writes when this was heard. `done`: the sender is where it has to be.
    """

    values: list[bytes] = msgspec.field(default_factory=list)
    views: list[int] = msgspec.field(default_factory=list)
    places: list[int] = msgspec.field(default_factory=list)
    offsets: list[int] = msgspec.field(default_factory=list)
    upto: list[tuple[int, int]] = msgspec.field(default_factory=list)
    full: bool = False
    done: bool = False

    def add(self, value: bytes, views: int, place: int, offset: int) -> None:
        """One more event."""
        self.values.append(value)
        self.views.append(views)
        self.places.append(place)
        self.offsets.append(offset)

    def events(self) -> list[Sent]:
        """What was added."""
        return list(zip(self.values, self.views, self.places, self.offsets, strict=True))


class Peers(Protocol):
    """The other slots of a build; `number` of `count` is our own."""

    number: int
    count: int

    def send(self, parcels: Mapping[int, Parcel]) -> None:
        """Send one parcel to each other slot; this ends a round."""
        ...

    def receive(self) -> Sequence[Parcel]:
        """The parcel of each other slot in the next round that was not received yet. Waits for it.

        Raises EOFError when one of them is gone.
        """
        ...


class Alone:
    """No other slot: one process folds everything."""

    number = 0
    count = 1

    def send(self, parcels: Mapping[int, Parcel]) -> None:
        """See Peers."""

    def receive(self) -> Sequence[Parcel]:
        """See Peers."""
        return ()


class Piped:
    """Slots in processes of their own, each with a pipe to each other one.

    Sending is left to threads: two slots that first send and then receive would wait for each other for ever.
    """

    def __init__(self, number: int, pipes: Mapping[int, Connection]) -> None:
        self.number = number
        self.count = len(pipes) + 1
        self._pipes = dict(sorted(pipes.items()))
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Parcel).decode
        self._waiting: dict[int, queue.Queue[bytes]] = {other: queue.Queue(IN_FLIGHT) for other in self._pipes}
        for other in self._pipes:
            threading.Thread(target=self._pass_on, args=(other,), name=f"to-{other}", daemon=True).start()

    def send(self, parcels: Mapping[int, Parcel]) -> None:
        """See Peers."""
        for other, waiting in self._waiting.items():
            waiting.put(self._encode(parcels[other]))

    def receive(self) -> Sequence[Parcel]:
        """See Peers."""
        try:
            return [self._decode(pipe.recv_bytes()) for pipe in self._pipes.values()]
        except OSError as error:  # it was gone in the middle of a parcel
            raise EOFError(str(error)) from error

    def _pass_on(self, other: int) -> None:
        try:
            while True:
                self._pipes[other].send_bytes(self._waiting[other].get())
        except OSError:
            return  # the other one is gone: our next receiving says so
