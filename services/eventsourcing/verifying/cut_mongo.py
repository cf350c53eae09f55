"""A projector at one moment: where it stands, what it has applied, its documents, all from one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pymongo.client_session import ClientSession

from services.eventsourcing.document_store import document_of, packed_of
from services.eventsourcing.generation_store import GENERATIONS
from services.eventsourcing.log import Place
from services.eventsourcing.mongo import Db
from services.eventsourcing.packing import size_of
from services.eventsourcing.projection_store import Checkpoint
from services.eventsourcing.view import Doc, View, digest_of

DIGEST_BYTES = 16
AT_ONCE = 2_000
HEADS_AT_ONCE = 20_000
SAMPLE = 100  # documents

Wanted = Callable[[str], bool]


@dataclass(slots=True)
class Cut:
    """parked: the first version that waits, by (view, stream). waiting: events that came early.

    documents: the digest of each wanted document, by view. strange: views whose documents are of another version.
    """

    title: str
    positions: dict[Place, Checkpoint]
    heads: dict[str, int]
    parked: dict[tuple[str, str], int]
    waiting: list[str]
    documents: dict[str, dict[str, bytes]] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Projected:
    """A projector by name, and some of its views."""

    service: str
    name: str
    db: Db
    views: Sequence[View]

    @property
    def title(self) -> str:
        """As operators know it."""
        return f"{self.service}/{self.name}"


def cut(projected: Projected, wanted: Wanted) -> Cut:
    """The projector now, with the documents of its views that are wanted."""
    db, name = projected.db, projected.name
    with db.client.start_session(snapshot=True) as session:
        made = Cut(
            projected.title,
            _positions(db, name, session),
            _heads(db, name, session),
            _parked(db, name, session),
            [found["_id"] for found in db[f"{name}.early"].find({}, {"_id": 1}, session=session)],
        )
        for view in projected.views:
            live = db[GENERATIONS].find_one({"_id": view.name}, session=session)
            if live is None or live["version"] != view.version:
                made.strange.append(view.name)
            else:
                made.documents[view.name] = _digests(db, live["collection"], wanted, session)
    return made


def live_documents(projected: Projected, keys: Mapping[str, Sequence[str]]) -> tuple[Cut, dict[str, dict[str, Doc]]]:
    """The projector now with these documents themselves, by view."""
    db = projected.db
    with db.client.start_session(snapshot=True) as session:
        made = Cut(
            projected.title, _positions(db, projected.name, session), _heads(db, projected.name, session),
            _parked(db, projected.name, session), [],
        )  # fmt: skip
        documents: dict[str, dict[str, Doc]] = {}
        for view, wanted in keys.items():
            live = db[GENERATIONS].find_one({"_id": view}, session=session)
            found = db[live["collection"]].find({"_id": {"$in": list(wanted)}}, session=session) if live else ()
            documents[view] = dict(map(document_of, found))
    return made, documents


def sizes(projected: Projected) -> dict[str, int]:
    """About how many bytes each view's live documents have, not compressed: by some of them and their number."""
    found: dict[str, int] = {}
    for view in projected.views:
        live = projected.db[GENERATIONS].find_one({"_id": view.name})
        found[view.name] = _size(projected.db, live["collection"]) if live else 0
    return found


def _size(db: Db, collection: str) -> int:
    some = [size_of(packed_of(one)) for one in db[collection].aggregate([{"$sample": {"size": SAMPLE}}])]
    return sum(some) * db[collection].estimated_document_count() // max(1, len(some))


def digest_bytes(key: str, doc: Doc) -> bytes:
    """A document's digest."""
    return digest_of(key, doc).to_bytes(DIGEST_BYTES, "big")


def _positions(db: Db, name: str, session: ClientSession) -> dict[Place, Checkpoint]:
    return {_place(found["_id"]): _checkpoint(found) for found in db[f"{name}.checkpoints"].find(session=session)}


def _heads(db: Db, name: str, session: ClientSession) -> dict[str, int]:
    found = db[f"{name}.heads"].find(session=session, batch_size=HEADS_AT_ONCE)
    return {head["_id"]: head["version"] for head in found}


def _digests(db: Db, collection: str, wanted: Wanted, session: ClientSession) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for stored in db[collection].find({}, session=session, batch_size=AT_ONCE):
        if wanted(stored["_id"]):
            key, document = document_of(stored)
            found[key] = digest_bytes(key, document)
    return found


def _parked(db: Db, name: str, session: ClientSession) -> dict[tuple[str, str], int]:
    first: dict[tuple[str, str], int] = {}
    for found in db[f"{name}.parked"].find({}, {"view": 1, "stream": 1, "version": 1}, session=session):
        key = (found["view"], found["stream"])
        first[key] = min(first.get(key, found["version"]), found["version"])
    return first


def _place(key: str) -> Place:
    topic, _, partition = key.rpartition("/")
    return Place(topic, int(partition))


def _checkpoint(found: Mapping[str, object]) -> Checkpoint:
    return Checkpoint(found["next"], found["stamp"], found["topic_id"], found["last_event"])  # type: ignore[arg-type]
