"""The key ring on MongoDB: a database of its own, every key wrapped by a master key that is only in a file."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pymongo import ReturnDocument

from services.eventsourcing.mongo import Db
from services.eventsourcing.vault import NONCE_BYTES, Erased

KEYS = "keys"
LIVE = "live"
DESTROYED = "destroyed"
DESTRUCTIONS = "destructions"


class MongoKeyRing:
    """See vault.KeyRing. A key is written with majority before anyone may use it."""

    def __init__(self, db: Db, master: bytes) -> None:
        self._keys = db[KEYS]
        self._destructions = db[DESTRUCTIONS]
        self._wrap = AESGCM(master)

    def find(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """See vault.KeyRing."""
        found = self._keys.find({"_id": {"$in": list(ids)}, "state": LIVE})
        return {document["_id"]: self._unwrapped(document) for document in found}

    def make(self, key_id: str) -> bytes:
        """See vault.KeyRing."""
        wrapped = self._wrapped(key_id, AESGCM.generate_key(256))
        document = self._keys.find_one_and_update(
            {"_id": key_id},
            # Two processes may make the first key at once: only one of them inserts, both read the same.
            {
                "$setOnInsert": {"wrapped": wrapped, "state": LIVE, "version": 1},
                "$currentDate": {"used": True},
            },
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        if document is None or document["state"] == DESTROYED:
            raise Erased(key_id)
        return self._unwrapped(document)

    def make_all(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        """See vault.KeyRing. Raises BulkWriteError when one of them has a key."""
        made = {key_id: AESGCM.generate_key(256) for key_id in ids}
        now = datetime.now(UTC)
        documents = [
            {"_id": key_id, "wrapped": self._wrapped(key_id, key), "state": LIVE, "version": 1, "used": now}
            for key_id, key in made.items()
        ]
        if documents:
            self._keys.insert_many(documents, ordered=False)
        return made

    def destroy(self, person: str, kind: str) -> bool:
        """See vault.KeyRing. The key goes first: who learns of the destruction finds no key any more."""
        before = self._keys.find_one_and_update(
            {"_id": f"{person}/{kind}"},
            # Once more for a key that is destroyed already keeps its time.
            [
                {"$set": {"state": DESTROYED, "destroyed": {"$ifNull": ["$destroyed", "$$NOW"]}}},
                {"$unset": ["wrapped"]},
            ],
            upsert=True,
        )
        told = {"$inc": {"count": 1}, "$currentDate": {"at": True}}
        self._destructions.update_one({"_id": DESTRUCTIONS}, told, upsert=True)
        return before is not None and before["state"] == LIVE

    def destructions(self) -> int:
        """See vault.KeyRing."""
        found = self._destructions.find_one({"_id": DESTRUCTIONS})
        return int(found["count"]) if found else 0

    def destroyed_lately(self, seconds: float) -> bool:
        """See vault.KeyRing. By the clock of the database."""
        since = {"$gt": ["$at", {"$subtract": ["$$NOW", int(seconds * 1000)]}]}
        return self._destructions.find_one({"_id": DESTRUCTIONS, "$expr": since}) is not None

    def times(self, person: str, kinds: Iterable[str]) -> dict[str, datetime]:
        """When each of these keys of a person was destroyed; a living or unknown one is left out."""
        ids = {f"{person}/{kind}": kind for kind in kinds}
        found = self._keys.find({"_id": {"$in": list(ids)}, "state": DESTROYED})
        return {ids[one["_id"]]: one["destroyed"].replace(tzinfo=UTC) for one in found}

    def _wrapped(self, key_id: str, key: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._wrap.encrypt(nonce, key, key_id.encode())

    def _unwrapped(self, document: Mapping[str, Any]) -> bytes:
        wrapped = document["wrapped"]
        return self._wrap.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], document["_id"].encode())
