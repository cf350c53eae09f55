"""What no event reaches: generations of views that are kept for a way back, and mails in the outbox of development."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Mapping, Set
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from deploy.diaryctl.installation import SERVICES, Installation
from deploy.diaryctl.person.needles import Needles
from deploy.local.home import Home
from deploy.local.outbox.mailbox import RECIPIENTS
from services.eventsourcing.generation_store import GENERATIONS, GenerationStore
from services.eventsourcing.mongo import Db
from services.eventsourcing.reader_store import readers
from services.eventsourcing.rebuilding.build import Busy
from services.eventsourcing.rebuilding.build_store import BuildStore, being_built


def drop_former_generations(place: Installation) -> list[str]:
    """Remove every generation that is not live: nobody folds it any more, and it shows what it always showed.

    One that a rebuild is making at this moment stays: it folds the erasure before it is switched. One that was
    interrupted, or waits for its switch, goes; it is made anew from the log.
    """
    dropped: list[str] = []
    for service in SERVICES:
        db = place.db(service)
        dropped += [f"{service}.{name}" for name in _drop_idle_builds(db)]
        generations, making = GenerationStore(db), being_built(db)
        for view in db[GENERATIONS].distinct("_id"):
            dropped += [f"{service}.{name}" for name in generations.drop_others(view, keep=making)]
    return dropped


def _drop_idle_builds(db: Db) -> list[str]:
    dropped: list[str] = []
    for reader in readers("", db):
        builds = BuildStore(db, reader.name)
        found = builds.standing()
        with contextlib.suppress(Busy):
            for view, made in found["views"].items() if found else ():
                dropped += sorted({made["collection"], *builds.drop(view)})
    return dropped


def remove_mails(outbox: Path, addresses: Iterable[str], told: Mapping[str, Set[str]]) -> int:
    """Delete the stored mails to these addresses; how many there were.

    told: for each address of somebody else, names that make a mail to it a mail about the erased person.
    """
    gone = {address.casefold() for address in addresses}
    about = {address.casefold(): names for address, names in told.items()}
    removed = 0
    for path in outbox.glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        to = _recipients(message)
        names = {name for address in to for name in about.get(address, ())}
        if to & gone or any(name in _text(message) for name in names):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def forget_demo_sign_ins(local: Home, needles: Iterable[Needles]) -> None:
    """The demonstration school writes down who signs in where; those who are erased are taken out."""
    erased = list(needles)
    if local.demo.exists():
        told = json.loads(local.demo.read_text())
        told["logins"] = [one for one in told.get("logins", []) if not _names(erased, " ".join(one.values()))]
        local.demo.write_text(json.dumps(told, ensure_ascii=False, indent=2))


def _names(needles: Iterable[Needles], line: str) -> bool:
    return any(one.in_line(line) for one in needles)


def _recipients(message: EmailMessage) -> set[str]:
    told = f"{message.get(RECIPIENTS, '')}, {message.get('To', '')}"
    return {address.casefold() for address in re.findall(r"[^\s<>,;]+@[^\s<>,;]+", told)}


def _text(message: EmailMessage) -> str:
    parts = (message.get_body((kind,)) for kind in ("plain", "html"))
    return "\n".join([str(message.get("Subject", "")), *(str(part.get_content()) for part in parts if part)])


def _number(view: str, collection: str) -> int:
    found = re.fullmatch(rf"{re.escape(view)}\.g(\d+)", collection)
    return int(found.group(1)) if found else 0
