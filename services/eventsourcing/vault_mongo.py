"""The key ring on MongoDB: a database of its own, every key wrapped by a master key that is only in a file."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pymongo import ReturnDocument

from services.eventsourcing.mongo import Db
from services.eventsourcing.vault import NONCE_BYTES, Erased

KEYS = "keys"
LIVE = "live"
DESTROYED = "destroyed"


class MongoKeyRing:
    """See vault.KeyRing. A key is written with majority before anyone may use it."""

    def __init__(self, db: Db, master: bytes) -> None:
        self._keys = db[KEYS]
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
        """See vault.KeyRing."""
        result = self._keys.update_one(
            {"_id": f"{person}/{kind}", "state": LIVE},
            {"$set": {"state": DESTROYED}, "$unset": {"wrapped": ""}, "$currentDate": {"destroyed": True}},
        )
        return bool(result.modified_count)

    def _wrapped(self, key_id: str, key: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._wrap.encrypt(nonce, key, key_id.encode())

    def _unwrapped(self, document: Mapping[str, Any]) -> bytes:
        wrapped = document["wrapped"]
        return self._wrap.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], document["_id"].encode())


def read_master_key(path: Path) -> bytes:
    """The 32 bytes of a master key file (base64 text). Raises ValueError when it is something else."""
    key = base64.b64decode(path.read_text().strip(), validate=True)
    if len(key) != 32:
        raise ValueError(f"{path} must hold 32 bytes in base64, it holds {len(key)}")
    return key
