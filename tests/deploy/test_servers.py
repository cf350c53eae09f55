"""Real Kafka and MongoDB: what their users may do, and that facts survive a power failure."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure

from deploy.local import topics
from deploy.local.servers import Databases, Servers
from services.eventsourcing.log import Outgoing
from services.eventsourcing.log_kafka import KafkaLog

PREFIX = "deploytest_"
Db = Database[dict[str, Any]]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with Servers(tmp_path_factory.mktemp("servers")) as servers:
        yield servers


@pytest.fixture(scope="module")
def databases(servers: Servers) -> Databases:
    databases = servers.provision(PREFIX)
    worker = database(databases, "diary-worker")
    for name in ("commits", "reservations"):
        worker.create_collection(name)
    servers.refresh_web_roles(PREFIX)
    return databases


def database(databases: Databases, user: str) -> Db:
    return MongoClient[dict[str, Any]](databases.urls[user])[databases.names[user.split("-")[0]]]


def test_a_web_process_appends_facts_and_cannot_change_them(databases: Databases) -> None:
    commits = database(databases, "diary-web")["commits"]
    commits.insert_one({"_id": "fact"})
    assert commits.find_one({"_id": "fact"})
    with pytest.raises(OperationFailure, match="not authorized"):
        commits.update_one({"_id": "fact"}, {"$set": {"grade": "5"}})
    with pytest.raises(OperationFailure, match="not authorized"):
        commits.delete_one({"_id": "fact"})


def test_a_web_process_changes_its_other_collections(databases: Databases) -> None:
    reservations = database(databases, "diary-web")["reservations"]
    reservations.insert_one({"_id": "login:anna"})
    assert reservations.delete_one({"_id": "login:anna"}).deleted_count == 1


def test_a_worker_may_mark_facts_as_published(databases: Databases) -> None:
    commits = database(databases, "diary-worker")["commits"]
    commits.insert_one({"_id": "marked"})
    assert commits.update_one({"_id": "marked"}, {"$set": {"published": True}}).modified_count == 1


@pytest.mark.parametrize("user", ["diary-web", "diary-worker", "vault"])
def test_nobody_reads_the_database_of_another_service(databases: Databases, user: str) -> None:
    client = MongoClient[dict[str, Any]](databases.urls[user])
    with pytest.raises(OperationFailure, match="not authorized"):
        client[databases.names["identity"]]["commits"].find_one()


def test_without_a_password_nothing_can_be_read(servers: Servers) -> None:
    client = MongoClient[dict[str, Any]](servers.mongo.address, directConnection=True)
    with pytest.raises(OperationFailure, match="requires authentication"):
        client["sd_diary"]["commits"].find_one()


def test_facts_survive_when_both_servers_are_killed(servers: Servers, databases: Databases) -> None:
    topics.ensure(servers.bootstrap, PREFIX)
    commits = database(databases, "diary-worker")["commits"]
    commits.insert_one({"_id": "kept"})
    topic = f"{PREFIX}diary.events"
    publisher = KafkaLog(servers.bootstrap).publisher(topic)
    (proof,) = publisher.publish([Outgoing("pupil", b"{}")])
    assert proof is not None
    publisher.close()
    servers.kill_kafka()
    servers.kill_mongo()
    servers.start_mongo()
    servers.start_kafka()
    assert commits.find_one({"_id": "kept"})
    assert _read(servers, topic) == [b"{}"]


def _read(servers: Servers, topic: str) -> list[bytes]:
    log = KafkaLog(servers.bootstrap)
    reader = log.reader()
    reader.seek(dict.fromkeys(log.places([topic]), 0))
    values: list[bytes] = []
    for _poll in range(50):
        values += [record.value for record in reader.poll(10, 0.2)]
        if values:
            break
    reader.close()
    return values
