"""A service behind the gateway: notes what it is asked, and answers what the test says."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

HOST = "127.0.0.1"
COMMITTED = {"account": "anna", "stream": "", "version": 1}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass(slots=True)
class Behind:
    """Where the service is, what it was asked, and what it does before it answers."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    before: Callable[[], object] = lambda: None


@contextlib.contextmanager
def behind() -> Iterator[Behind]:
    """The running service."""
    service = Behind()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"] or 0))
            service.asked.append(Asked(self.path, dict(self.headers), json.loads(sent or b"null")))
            service.before()
            with contextlib.suppress(BrokenPipeError):  # a client that did not wait
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(COMMITTED).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    service.url = f"http://{HOST}:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
