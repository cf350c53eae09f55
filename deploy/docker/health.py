"""python -m deploy.docker.health SERVICE web|worker: exit code 0 when the process beside it works."""

import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import MongoClient

from deploy.docker.environment import SECRETS, process_environment
from deploy.local.secrets import Secrets
from deploy.local.waiting import answers

FRESH = timedelta(seconds=20)


def main(service: str, process: str) -> int:
    """A web process answers for itself; a worker writes heartbeats."""
    if process == "web":
        port = os.environ["SD_BIND"].rsplit(":", 1)[1]
        return 0 if answers(f"http://127.0.0.1:{port}/readyz") else 1
    environment = process_environment(Secrets(SECRETS), service, process)
    with MongoClient[dict[str, Any]](environment["SD_MONGO_URL"], serverSelectionTimeoutMS=3000) as client:
        beats = client[environment["SD_DATABASE"]]["heartbeats"]
        return 0 if beats.find_one({"at": {"$gt": datetime.now(UTC) - FRESH}}) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
