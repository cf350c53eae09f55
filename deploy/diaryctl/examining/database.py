"""MongoDB: does it keep what it acknowledges, who may do what, is there room?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pymongo.errors import OperationFailure, PyMongoError

from deploy.diaryctl.examining.verdict import Verdict, judged
from deploy.diaryctl.installation import WRITERS, Installation
from deploy.local.environment import service_environment
from deploy.local.instance import instance
from services.eventsourcing.mongo import Client, connect
from services.eventsourcing.store_mongo import COMMITS
from services.eventsourcing.vault_mongo import KEYS, MongoKeyRing

LONGEST_TRANSACTION = 10
SHORT_OPLOG_HOURS = 24
CLOCK_WARNS, CLOCK_FAILS = 2.0, 60.0
ROOM_WARNS, ROOM_FAILS = 0.2, 0.05
CHANGING = {"update", "remove"}
SECRET_MODE = 0o077


def database(place: Installation) -> Iterator[Verdict]:
    """Every check of MongoDB; only the first when it does not answer."""
    try:
        hello = place.client.admin.command("hello")
    except PyMongoError as error:
        step = "start it: `make run` or `make up`; its log is mongo/mongod.log in the data directory"
        yield judged("mongodb", f"does not answer: {type(error).__name__}", fails=True, step=step)
        return
    yield _reachable(hello)
    yield from _durable(place.client)
    yield _transactions(place.client)
    yield _oplog(place.client)
    yield _clock(hello)
    yield _room(place)
    yield from _permissions(place)
    yield _master_key(place)


def _reachable(hello: dict[str, Any]) -> Verdict:
    members = len(hello.get("hosts", ()))
    found = f"answers, {members} member{'s' if members != 1 else ''} of the replica set"
    step = "the disk of a single member is the only copy: take backups, or use a replica set of three"
    return judged("mongodb", found, fails=not hello.get("setName"), warns=members < 3, step=step)


def _durable(client: Client) -> Iterator[Verdict]:
    config = client.admin.command("replSetGetConfig")["config"]
    journaled = config.get("writeConcernMajorityJournalDefault", True)
    step = "set writeConcernMajorityJournalDefault to true (rs.reconfig): a majority that is not journaled can be lost"
    found = "majority means journaled" if journaled else "majority does not mean journaled"
    yield judged("write concern", found, fails=not journaled, step=step)
    default = client.admin.command("getDefaultRWConcern").get("defaultWriteConcern", {}).get("w", "majority")
    step = "set it to majority (setDefaultRWConcern): the services ask for it themselves, tools may not"
    yield judged("default write concern", f"w={default}", warns=default != "majority", step=step)


def _transactions(client: Client) -> Verdict:
    seconds = client.admin.command("getParameter", 1, transactionLifetimeLimitSeconds=1)
    limit = seconds["transactionLifetimeLimitSeconds"]
    step = (
        "start mongod with --setParameter transactionLifetimeLimitSeconds=6: a killed process holds others up so long"
    )
    return judged("transactions", f"given up after {limit} s", warns=limit > LONGEST_TRANSACTION, step=step)


def _oplog(client: Client) -> Verdict:
    said = client.admin.command("serverStatus", oplog=1)["oplog"]
    hours = (said["latestOptime"].time - said["earliestOptime"].time) / 3600
    started = client.admin.command("serverStatus")["uptime"] / 3600
    short = hours < SHORT_OPLOG_HOURS and hours < started * 0.9
    step = "enlarge it (replSetResizeOplog): members that were away longer start from nothing; relays do not need it"
    return judged("oplog", f"reaches back {hours:.1f} hours", warns=short, step=step)


def _clock(hello: dict[str, Any]) -> Verdict:
    apart = abs((datetime.now(UTC).replace(tzinfo=None) - hello["localTime"]).total_seconds())
    step = "let NTP set both clocks: times of events are those of the web processes"
    found = f"{apart:.1f} s from that of MongoDB"
    return judged("clock", found, fails=apart > CLOCK_FAILS, warns=apart > CLOCK_WARNS, step=step)


def _room(place: Installation) -> Verdict:
    stats = place.db("diary").command("dbStats")
    total, free = stats["fsTotalSize"], stats["fsTotalSize"] - stats["fsUsedSize"]
    share = free / total if total else 0.0
    step = "make room or move the data: without space nothing is accepted, what is there stays readable"
    found = f"{free / 1e9:,.1f} GB free of {total / 1e9:,.1f}"
    return judged("disk of MongoDB", found, fails=share < ROOM_FAILS, warns=share < ROOM_WARNS, step=step)


def _permissions(place: Installation) -> Iterator[Verdict]:
    for service in WRITERS:
        name, step = f"rights of {service}-web", ""
        try:
            url = place.environment.get("SD_WEB_URL") or service_environment(instance(), service, "web")["SD_MONGO_URL"]
            with connect(url, "doctor") as client:
                said = client.admin.command("connectionStatus", showPrivileges=True)["authInfo"]
        except (PyMongoError, LookupError, OSError) as error:
            step = "look at the roles of that user: it may find and insert commits, not update or remove them"
            yield judged(name, f"not known here: {type(error).__name__}", warns=True, step=step)
            continue
        wrong = may_change_commits(said["authenticatedUserPrivileges"], f"sd_{service}")
        step = "`make up` gives the users their roles again; in containers run the init step"
        yield judged(name, "may change commits" if wrong else "may not change commits", fails=wrong, step=step)


def may_change_commits(privileges: list[dict[str, Any]], name: str) -> bool:
    """Do these rights reach the log of facts of a database?"""
    return any(
        CHANGING & set(one["actions"])
        and one["resource"].get("db", name) in (name, "")
        and one["resource"].get("collection", COMMITS) in (COMMITS, "")
        for one in privileges
    )


def _master_key(place: Installation) -> Verdict:
    settings = place.settings("diary")
    step = "put the master key back from where it is kept safe: without it no personal value can be read"
    try:
        ring_db = connect(settings.vault_url, "doctor")[settings.vault_database]
        one = ring_db[KEYS].find_one({"wrapped": {"$exists": True}}, {"_id": 1})
        if one is not None:
            MongoKeyRing(ring_db, settings.master_key).find([one["_id"]])
    except OperationFailure as error:
        return judged(
            "master key", f"the vault refuses: {error.code}", fails=True, step="look at the user of the vault"
        )
    except Exception as error:  # whatever a wrong key or file leads to
        return judged("master key", f"does not open the vault: {type(error).__name__}", fails=True, step=step)
    loose = settings.master_key_file.stat().st_mode & SECRET_MODE
    found = "opens the vault" + (", and others than its owner may read the file" if loose else "")
    return judged("master key", found, warns=bool(loose), step=f"chmod 600 {settings.master_key_file}")
