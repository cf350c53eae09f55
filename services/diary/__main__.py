"""`python -m services.diary web|worker|init`."""

from __future__ import annotations

from services.diary.app import create_app, create_worker, init
from services.eventsourcing.process import run

if __name__ == "__main__":
    run("diary", create_app, create_worker, init)
