"""How to see that a process works, not only that it exists."""

from typing import Any

from pymongo import MongoClient

from deploy.local.children import Child
from deploy.local.waiting import answers

WELL = ("working", "standby")


def service_ready(client: MongoClient[dict[str, Any]], child: Child) -> bool:
    """A web process says so itself; a worker has written a good heartbeat under its own process number."""
    environment = child.program.environment
    if address := environment.get("SD_BIND"):
        return answers(f"http://{address}/readyz")
    beats = client[environment["SD_DATABASE"]]["heartbeats"]
    return beats.find_one({"pid": child.popen.pid, "state": {"$in": WELL}}) is not None
