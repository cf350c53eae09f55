"""Everything about one person, machine-readable. Values of others that stand in the same events stay closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from deploy.diaryctl.installation import Installation
from deploy.diaryctl.person.known import Known
from services.eventsourcing.generation_store import GENERATIONS
from services.eventsourcing.message import Recorded
from services.eventsourcing.vault import Vault, is_sealed, sealed_for
from services.gateway.sessions.sessions_store import SESSIONS
from services.gateway.visits_store import VISITS
from services.identity.account.answer_store import ANSWERS
from services.identity.password.password_store import PASSWORDS
from services.notify.outbox.outbox_store import OUTBOX

CLOSED = None  # what others' values look like
VIEWED = ("gateway", "notify")


def files_of(place: Installation, vault: Vault, known: Known) -> dict[str, bytes]:
    """The files of the export, by name."""
    person = known.person
    events = [_event(vault, person, service, event) for service, event in known.events]
    return {
        "events.jsonl": b"".join(msgspec.json.encode(event) + b"\n" for event in events),
        "links.json": _json(_links(known)),
        "sessions.json": _json(_sessions(place, person)),
        "visits.json": _json(_visits(place, person)),
        "notices.json": _json(_notices(place, person)),
        "secrets.json": _json(_secrets(place, person)),
        **dict(_views(place, person)),
    }


def _event(vault: Vault, person: str, service: str, event: Recorded) -> dict[str, Any]:
    mine = {name: value for name, value in event.data.items() if is_sealed(value) and sealed_for(value) == person}
    opened = vault.opened(msgspec.structs.replace(event, data=mine))
    data = {name: opened.get(name, CLOSED) if is_sealed(value) else value for name, value in event.data.items()}
    return {"id": event.id, "service": service, "type": event.type, "schema": event.schema, "at": event.at,
            "actor": event.actor, "data": data}  # fmt: skip


def _links(known: Known) -> list[dict[str, Any]]:
    links: dict[str, dict[str, Any]] = {}
    for _, event in known.events:
        if event.type == "DiaryLinked":
            data = event.data
            links[data["link"]] = {"pupil": data["pupil"], "account": data["account"], "since": event.at, "until": None}
        elif event.type == "LinkRemoved" and event.data["link"] in links:
            links[event.data["link"]]["until"] = event.at
    return list(links.values())


def _sessions(place: Installation, person: str) -> list[dict[str, Any]]:
    shown = ("kind", "started", "used", "expires")
    found = place.db("gateway")[SESSIONS].find({"account": person})
    return [{name: _plain(one[name]) for name in shown if name in one} for one in found]


def _visits(place: Installation, person: str) -> list[dict[str, Any]]:
    """When this account looked; when others looked at a diary is theirs alone."""
    found = place.db("gateway")[VISITS].find({"_id": {"$regex": f"^{re.escape(person)}/"}})
    return [{"pupil": one["_id"].partition("/")[2], "seen": _plain(one.get("seen"))} for one in found]


def _notices(place: Installation, person: str) -> list[dict[str, Any]]:
    shown = ("template", "channel", "made", "state", "settled", "facts")
    found = place.db("notify")[OUTBOX].find({"account": person}, sort=[("made", 1)])
    return [{name: _plain(one[name]) for name in shown if name in one} for one in found]


def _secrets(place: Installation, person: str) -> dict[str, Any]:
    """That there are any; not even the hashes are handed out."""
    identity = place.db("identity")
    password = identity[PASSWORDS].find_one({"_id": person})
    return {
        "password_since": _plain(password["at"]) if password else None,
        "security_answer": identity[ANSWERS].find_one({"_id": person}) is not None,
        "reservations": [one["_id"].partition(":")[0] for one in identity["reservations"].find(
            {"owner": f"account-{person}"}, {"_id": 1})],
    }  # fmt: skip


def _views(place: Installation, person: str) -> Iterator[tuple[str, bytes]]:
    """Every live document that is the person's own: its id is theirs, or begins `<kind>:` and their id."""
    own = {"_id": {"$regex": f"^([a-z]+:)?{re.escape(person)}(:|$)"}}
    for service in VIEWED:
        db = place.db(service)
        for view in db[GENERATIONS].find(sort=[("_id", 1)]):
            documents = list(db[view["collection"]].find(own, sort=[("_id", 1)]))
            if documents:
                yield f"views/{service}-{view['_id']}.json", _json([_plain(one) for one in documents])


def _plain(value: Any) -> Any:
    """What JSON can say of a document: times as text, bytes as text."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2)
