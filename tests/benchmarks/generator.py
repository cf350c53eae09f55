"""A load generator in a process of its own: one thread, one event loop, requests made before the clock starts.

Generator, services and servers share the machine, so it does as little as possible: no HTTP library, no JSON.
main() reads a pickled Load from stdin and writes pickled Answers to stdout.
"""

from __future__ import annotations

import pickle
import re
import selectors
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
END = b"\r\n\r\n"
CLOSE = b"\r\nconnection: close"
STUCK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Load:
    """What each connection sends, one request after the other; again from the start for `seconds` if there are any."""

    port: int
    connections: list[list[bytes]]
    seconds: float | None = None


@dataclass(slots=True)
class Answers:
    """What came back: the duration of the whole, of each request in seconds, and how often which status."""

    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    refused: bytes = b""


class Connection:
    """One client: the next request goes out when the answer to the last is complete."""

    def __init__(self, port: int, requests: list[bytes], forever: bool) -> None:
        self._port, self._requests, self._forever = port, requests, forever
        self._next, self._received, self._wanted = 0, bytearray(), 0
        self._sent = 0.0
        self.socket = self._connected()

    def send(self) -> bool:
        """The next request; False when there is none."""
        if self._next == len(self._requests):
            if not self._forever:
                return False
            self._next = 0
        self._sent = time.perf_counter()
        self.socket.sendall(self._requests[self._next])
        self._next += 1
        return True

    def receive(self, answers: Answers) -> bool:
        """Take what has come; is the answer complete?"""
        part = self.socket.recv(262_144)
        if not part:
            raise ConnectionError("the server hung up in the middle of an answer")
        self._received += part
        if not self._wanted:
            end = self._received.find(END)
            if end < 0:
                return False
            found = LENGTH.search(self._received, 0, end + 4)
            self._wanted = end + 4 + (int(found[1]) if found else 0)
        if len(self._received) < self._wanted:
            return False
        self._count(answers)
        return True

    def _count(self, answers: Answers) -> None:
        answers.taken.append(time.perf_counter() - self._sent)
        status = int(self._received[9:12])
        answers.statuses[status] += 1
        if status >= 400 and not answers.refused:
            answers.refused = bytes(self._received[:2000])
        self.closed = CLOSE in self._received[:1000].lower()
        self._received, self._wanted = bytearray(), 0

    def reconnect(self) -> None:
        """The server ends a connection now and then: a worker that is replaced says so in its last answer."""
        self.socket.close()
        self.socket = self._connected()

    def _connected(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.closed = False
        return made


def run(load: Load) -> Answers:
    """Send everything; ends with the last answer."""
    answers = Answers()
    selector = selectors.DefaultSelector()
    connections = [Connection(load.port, requests, load.seconds is not None) for requests in load.connections]
    begun = time.perf_counter()
    deadline = begun + load.seconds if load.seconds is not None else float("inf")
    busy = 0
    for connection in connections:
        if connection.send():
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            busy += 1
    while busy:
        ready = selector.select(STUCK_SECONDS)
        if not ready:
            raise TimeoutError(f"no answer for {STUCK_SECONDS} s")
        for key, _ in ready:
            connection = key.data
            if not connection.receive(answers):
                continue
            if connection.closed:
                selector.unregister(key.fileobj)
                connection.reconnect()
                selector.register(connection.socket, selectors.EVENT_READ, connection)
            if time.perf_counter() >= deadline or not connection.send():
                selector.unregister(connection.socket)
                busy -= 1
    answers.seconds = time.perf_counter() - begun
    return answers


def main() -> None:
    """Load in, Answers out."""
    sys.stdout.buffer.write(pickle.dumps(run(pickle.load(sys.stdin.buffer))))
