"""How every process talks to MongoDB: majority and journal on writes, majority reads, bounded waiting."""

from __future__ import annotations

from typing import Any

import pymongo
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import AutoReconnect, ExecutionTimeout, NetworkTimeout, ServerSelectionTimeoutError
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

Document = dict[str, Any]
Client = MongoClient[Document]
Db = Database[Document]

DURABLE = WriteConcern(w="majority", j=True)
MAJORITY = ReadConcern("majority")
SNAPSHOT = ReadConcern("snapshot")
AWAY = (AutoReconnect, ExecutionTimeout, NetworkTimeout, ServerSelectionTimeoutError)

LONGEST_TRANSACTION = 30.0
WAIT_MS = 5_000  # a request must never hang on a lost server: ASVS and our own 503 need an answer in seconds


def connect(url: str, name: str = "school-diary", patience: float | None = None) -> Client:
    """A client with the project's guarantees. Make it after a fork, once per process; it is thread-safe.

    No operation takes longer than `patience` seconds, its retries included, whatever happened to the server.
    """
    return MongoClient(
        url,
        w="majority",
        journal=True,
        readConcernLevel="majority",
        retryWrites=True,
        retryReads=True,
        serverSelectionTimeoutMS=WAIT_MS,
        connectTimeoutMS=WAIT_MS,
        socketTimeoutMS=60_000,
        timeoutMS=int(patience * 1000) if patience else None,
        maxPoolSize=64,
        appname=name,
    )


def transact(client: Client, body: Any, seconds: float = LONGEST_TRANSACTION) -> Any:
    """Run `body(session)` in one transaction: snapshot reads, majority and journaled write; retried when transient.

    The body may run several times, so it must have no effect outside the session. Ends within `seconds`, whatever
    happens to the server: pymongo alone would retry for two minutes.
    """
    with pymongo.timeout(seconds), client.start_session() as session:
        return session.with_transaction(
            body, read_concern=SNAPSHOT, write_concern=DURABLE, read_preference=ReadPreference.PRIMARY
        )
