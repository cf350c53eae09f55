"""A PostgreSQL server for the run, where the machine has its programs; durable as it comes."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psycopg

from deploy.local.servers import free_ports
from tests.kit.waiting import eventually

ROOT = 0


@contextmanager
def postgres() -> Iterator[dict[str, str] | None]:
    """The environment by which pyeventsourcing finds the server; None where there are no programs for one."""
    initdb = shutil.which("initdb")
    account = _account()
    if initdb is None or account is None:
        yield None
        return
    programs = Path(initdb).resolve().parent
    folder = Path(mkdtemp(prefix="bench-postgres-"))
    shutil.chown(folder, account)
    user = account if os.getuid() == ROOT else None
    made = subprocess.run([programs / "initdb", "-D", folder / "data", "-U", "bench", "-A", "trust"],
                          user=user, cwd=folder, capture_output=True, check=False)  # fmt: skip
    if made.returncode:
        yield None
        return
    (port,) = free_ports(1)
    server = subprocess.Popen(
        [programs / "postgres", "-D", folder / "data", "-p", str(port), "-h", "127.0.0.1", "-k", ""],
        user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        eventually(lambda: _answers(port), seconds=30)
        yield _environment(port)
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as the account its package made."""
    if os.getuid() != ROOT:
        return pwd.getpwuid(os.getuid()).pw_name
    return next((entry.pw_name for entry in pwd.getpwall() if entry.pw_name == "postgres"), None)


def _answers(port: int) -> bool:
    with psycopg.connect(host="127.0.0.1", port=port, user="bench", dbname="postgres"):
        return True


def _environment(port: int) -> dict[str, str]:
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": "postgres",
        "POSTGRES_HOST": "127.0.0.1",
        "POSTGRES_PORT": str(port),
        "POSTGRES_USER": "bench",
        "POSTGRES_PASSWORD": "bench",
        "POSTGRES_POOL_SIZE": "16",
        "POSTGRES_MAX_OVERFLOW": "4",
    }
