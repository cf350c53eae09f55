"""One mongod as a replica set of one node, on loopback, with authentication from the first moment on."""

import contextlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.mongod import mongod
from deploy.local.process import Program

HOST = "127.0.0.1"
REPLICA_SET = "rs0"
ROOT = "root"
# A process that is killed in a transaction leaves its locks to the server: a minute, unless told otherwise.
NEVER_MS = 86_400_000  # a slow operation would be logged with the document that it writes, names included
ABANDONED_SECONDS = 6
OPLOG_MB = 512
ALREADY_INITIALIZED = 23
NOT_YET_INITIALIZED = 94
Client = MongoClient[dict[str, Any]]


class Mongo:
    """Where the node lives and how it is started; holds no process itself."""

    def __init__(
        self,
        directory: Path,
        port: int,
        keyfile: Path,
        root_password: str,
        address: str | None = None,
        oplog_mb: int = OPLOG_MB,
    ) -> None:
        self.directory = directory
        self.port = port
        self.keyfile = keyfile
        self.root_password = root_password
        self.oplog_mb = oplog_mb
        self.log = directory / "mongod.log"
        self.address = address or f"{HOST}:{port}"  # what clients are told, in containers another name

    def url(self, user: str = ROOT, password: str | None = None) -> str:
        """Connection string of a user; without arguments that of the administrator."""
        secret = quote(self.root_password if password is None else password, safe="")
        return f"mongodb://{user}:{secret}@{self.address}/?replicaSet={REPLICA_SET}&authSource=admin"

    def program(self) -> Program:
        """mongod's command line. Compression leaves zlib out because of CVE-2025-14847."""
        data = self.directory / "data"
        data.mkdir(parents=True, exist_ok=True)
        options = {
            "dbpath": data,
            "port": self.port,
            "bind_ip": HOST,
            "replSet": REPLICA_SET,
            "keyFile": self.keyfile,
            "oplogSize": self.oplog_mb,
            "wiredTigerCacheSizeGB": 0.25,
            "networkMessageCompressors": "snappy,zstd",
            "logpath": self.log,
            "slowms": NEVER_MS,
        }
        command = [str(mongod()), "--auth", "--nounixsocket", "--quiet", "--logappend"]
        command += [part for name, value in options.items() for part in (f"--{name}", str(value))]
        command += ["--setParameter", "diagnosticDataCollectionEnabled=false"]
        command += ["--setParameter", f"transactionLifetimeLimitSeconds={ABANDONED_SECONDS}"]
        return Program("mongod", command, self.directory / "mongod.out", directory=self.directory)

    def ready(self) -> bool:
        """True when the node accepts writes; on the way it forms the replica set and the first user."""
        try:
            with self._direct() as node:
                hello = node.admin.command("hello")
                if hello.get("isWritablePrimary"):
                    return self._has_root()
                if not hello.get("setName"):
                    self._form_replica_set(node)
        except PyMongoError:
            return False
        return False

    def _direct(self, **options: Any) -> Client:
        limits: dict[str, Any] = {"serverSelectionTimeoutMS": 500, "connectTimeoutMS": 500}
        return MongoClient(HOST, self.port, directConnection=True, **limits, **options)

    def _as_root(self) -> Client:
        return self._direct(username=ROOT, password=self.root_password, authSource="admin")

    def _members(self) -> list[dict[str, Any]]:
        return [{"_id": 0, "host": self.address}]

    def _form_replica_set(self, node: Client) -> None:
        """On a new node by the localhost exception; a node whose port has changed gets its new address."""
        config = {"_id": REPLICA_SET, "version": 1, "members": self._members()}
        try:
            node.admin.command("replSetInitiate", config)
        except OperationFailure as refusal:
            if refusal.code == NOT_YET_INITIALIZED:
                return
            self._move()

    def _move(self) -> None:
        with self._as_root() as node:
            config = node.admin.command("replSetGetConfig")["config"]
            config.update(version=config["version"] + 1, members=self._members())
            node.admin.command("replSetReconfig", config, force=True)

    def _has_root(self) -> bool:
        with contextlib.suppress(OperationFailure), self._as_root() as node:
            node.admin.command("ping")
            return True
        with contextlib.suppress(OperationFailure), self._direct() as node:
            node.admin.command("createUser", ROOT, pwd=self.root_password, roles=["root"])
        return False
