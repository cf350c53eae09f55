"""The certificate of an erasure: an act and an extract from the journal of events, as data and as PDF, signed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deploy.diaryctl.person.erasing import Erased, Outcome
from deploy.diaryctl.person.law import kept_rules
from services.eventsourcing.message import CLASSES
from services.eventsourcing.store import Commit

# What an erasure writes to the log itself; the act shows these events one by one.
OWN = ("ErasureRequested", "PersonErased", "AccountErased", "DiaryErased", "LinkRemoved")
SYSTEMS = ("identity", "diary", "notify", "gateway", "vault", "log")
KEY_BACKUP_DAYS = 30


def facts(done: Erased, installation: str) -> dict[str, Any]:
    """Everything the certificate says. No name, no address: only what kind of value was erased, and how many."""
    return {
        "installation": installation,
        "at": done.at.isoformat(timespec="seconds"),
        "operator": done.wish.operator,
        "reason": done.wish.reason,
        "classes": list(done.wish.classes),
        "systems": list(SYSTEMS),
        "persons": [_person(outcome) for outcome in done.outcomes],
        "kept": [{"of": rule.of, "what": rule.what, "why": rule.why} for rule in kept_rules(_erased(done))],
        "followed": dict(done.readers),
        "removed": {"former_generations": list(done.dropped), "stored_mails": done.mails},
        "search": {
            "values": done.needles,
            "collections": done.found.collections,
            "documents": done.found.documents,
            "records": done.found.records,
            "files": done.found.files,
            "bytes": done.found.bytes,
            "readable": len(done.found.places),
        },
        "residues": {"key_backup_days": KEY_BACKUP_DAYS},
        "clean": done.clean,
    }


def _erased(done: Erased) -> set[str]:
    return {of for outcome in done.outcomes for of in outcome.erasure.erased} or set(done.wish.classes)


def _person(outcome: Outcome) -> dict[str, Any]:
    first = min((commit.at for _, commit in outcome.before.commits), default=None)
    return {
        "person": outcome.before.person,
        "roles": list(outcome.before.roles),
        "reason": outcome.erasure.reason,
        "erased": [of for of in CLASSES if of in outcome.erasure.erased],
        "keys_destroyed": {of: at.isoformat(timespec="seconds") for of, at in sorted(outcome.destroyed.items())},
        "fields": [
            {"class": of, "field": name, "values": count} for (of, name), count in outcome.before.counted().items()
        ],
        "events_about": len(outcome.after.events),
        "first_event": first,
        "sealed_values": {"closed": outcome.closed, "open": outcome.opens},
        "readable": list(outcome.readable),
        "searched": bool(outcome.before.values),
        "extract": list(_extract(outcome)),
    }


def _extract(outcome: Outcome) -> Iterator[dict[str, Any]]:
    for service, commit in outcome.after.commits:
        for event in commit.recorded():
            if event.type in OWN:
                yield {
                    "event": event.id,
                    "type": event.type,
                    "at": event.at,
                    "service": service,
                    "commit": commit.hash,
                    "log": _place(commit),
                }


def _place(commit: Commit) -> dict[str, int] | None:
    where = commit.published
    return {"partition": where.partition, "offset": where.offset} if where else None
