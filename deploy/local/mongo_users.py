"""The database users of the processes: each may do only what its process needs."""

from collections.abc import Callable, Mapping
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure

SERVICES = ("identity", "diary", "notify", "gateway")
COMMITS = "commits"
NOT_FOUND = (11, 31)  # UserNotFound, RoleNotFound
READ = ("find", "listCollections", "listIndexes", "collStats", "dbStats", "changeStream")
CHANGE = ("update", "remove")
Admin = Database[dict[str, Any]]


def users() -> list[str]:
    """Names of all users: one per process, one for the vault, one for operators."""
    processes = [f"{service}-{process}" for service in SERVICES for process in ("web", "worker")]
    return [*processes, "vault", "ops"]


def provision(url: str, passwords: Mapping[str, str], prefix: str = "") -> None:
    """Creates or updates all roles and users of the databases `<prefix>sd_*`; may be repeated at any time."""
    with MongoClient[dict[str, Any]](url) as client:
        for service in SERVICES:
            _set_role(client.admin, f"{prefix}{service}-web", web_privileges(client, f"{prefix}sd_{service}"))
        for user in users():
            roles = _roles(user, prefix)
            _set(client.admin, "User", f"{prefix}{user}", pwd=passwords[user], roles=roles)


def refresh_web_roles(url: str, prefix: str = "") -> None:
    """Lets web processes change the collections that exist now, `commits` excepted."""
    with MongoClient[dict[str, Any]](url) as client:
        for service in SERVICES:
            _set_role(client.admin, f"{prefix}{service}-web", web_privileges(client, f"{prefix}sd_{service}"))


def web_privileges(client: MongoClient[dict[str, Any]], database: str) -> list[dict[str, Any]]:
    """Reading and inserting anywhere in the database, changing only outside the log of facts.

    MongoDB has no rule that takes a right away, so the right to change is given collection by collection.
    """
    everywhere = {"resource": {"db": database, "collection": ""}, "actions": [*READ, "insert"]}
    names = [name for name in client[database].list_collection_names() if name != COMMITS]
    changeable = [
        {"resource": {"db": database, "collection": name}, "actions": list(CHANGE)}
        for name in sorted(names)
        if not name.startswith("system.")
    ]
    return [everywhere, *changeable]


def _roles(user: str, prefix: str) -> list[Any]:
    if user == "ops":
        return ["readWriteAnyDatabase", "dbAdminAnyDatabase", "clusterMonitor"]
    if user == "vault":
        return [{"role": "readWrite", "db": f"{prefix}sd_vault"}]
    service, process = user.split("-")
    if process == "web":
        return [f"{prefix}{user}"]
    return [{"role": "readWrite", "db": f"{prefix}sd_{service}"}]


def _set_role(admin: Admin, name: str, privileges: list[dict[str, Any]]) -> None:
    _set(admin, "Role", name, privileges=privileges, roles=[])


def _set(admin: Admin, kind: str, name: str, **values: Any) -> None:
    update: Callable[..., Any] = admin.command
    try:
        update(f"update{kind}", name, **values)
    except OperationFailure as refusal:
        if refusal.code not in NOT_FOUND:
            raise
        admin.command(f"create{kind}", name, **values)
