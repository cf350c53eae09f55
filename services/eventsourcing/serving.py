"""Starting a web process: gunicorn with the project's settings, the app made after the fork."""

from __future__ import annotations

import select
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import TConn, ThreadWorker

if TYPE_CHECKING:
    from flask import Flask  # the parent of the processes that answer has no need of it

LINGER_MS = 50  # a browser that has its page asks for what belongs to it at once


class LingeringWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, each staying with its connection for a moment after an answer.

    Handing a connection back to the main thread and out again costs more than a small page. A thread lingers only while
    no other connection waits for one, so that the number of open connections stays independent of that of threads.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._held = 0

    def enqueue_req(self, conn: TConn) -> None:
        """Called by the main thread for a connection that has something to read."""
        self._held += 1
        super().enqueue_req(conn)

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """Called by the main thread for a connection that a thread has given back."""
        self._held -= 1
        super().finish_request(conn, fs)

    def handle(self, conn: TConn) -> Any:
        """Called by a thread: this request, and those that follow it closely."""
        kept = super().handle(conn)
        while kept is True and self.alive and self._held <= self.cfg.threads and _more(conn):
            kept = super().handle(conn)
        return kept


def _more(conn: TConn) -> bool:
    """Does the client send something, now or in a moment?"""
    if conn.parser.unreader.buf.getvalue():
        return True
    poll = select.poll()
    poll.register(conn.sock, select.POLLIN)
    return bool(poll.poll(LINGER_MS))


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, make_app: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._make_app = make_app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        return self._make_app()


def serve(make_app: Callable[[], Flask], binds: Sequence[str], *, workers: int = 1, threads: int = 16) -> None:
    """Serve on every address of `binds` until SIGTERM. `make_app` runs in each worker, so no client crosses a fork."""
    options = {
        "bind": list(binds),
        "workers": workers,
        "threads": threads,
        "worker_class": LingeringWorker,
        "preload_app": False,
        "max_requests": 1_000_000,  # each new process adds files of metrics
        "max_requests_jitter": 100_000,
        "graceful_timeout": 5,
        "timeout": 60,
        "keepalive": 30,
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    _Server(make_app, options).run()
