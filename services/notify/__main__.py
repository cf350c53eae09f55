"""`python -m services.notify web|worker|init`."""

from __future__ import annotations

from services.eventsourcing.process import run
from services.notify.app import create_app, create_worker, init

if __name__ == "__main__":
    run("notify", create_app, create_worker, init, threads=4, background=True)
