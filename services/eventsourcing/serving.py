"""Starting a web process: gunicorn with the project's settings, the app made after the fork."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication


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
        "worker_class": "gthread",
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
