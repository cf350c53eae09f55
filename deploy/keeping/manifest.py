"""Signed manifests: what belongs to an archive or a backup. Each names the one before it by its hash."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from deploy.keeping.files import Damaged, whole
from services.eventsourcing.signing import Forged, Signer, Verifier

T = TypeVar("T")


class Signed(msgspec.Struct, frozen=True):
    """A manifest's file. statement: the manifest as JSON text, of which the signature is taken."""

    statement: str
    key: str
    signature: str


def write(path: Path, kind: str, manifest: msgspec.Struct, signer: Signer) -> None:
    """Sign and write."""
    statement = msgspec.json.encode(manifest)
    signed = Signed(statement.decode(), signer.verifier.id, signer.sign(kind, statement))
    with whole(path) as file:
        file.write(msgspec.json.format(msgspec.json.encode(signed), indent=1))


def read(path: Path, kind: str, shape: type[T], key: Verifier) -> T:
    """The manifest in a file. Raises Damaged."""
    try:
        signed = msgspec.json.decode(path.read_bytes(), type=Signed)
        key.verify(kind, signed.statement.encode(), signed.signature)
        return msgspec.json.decode(signed.statement, type=shape)
    except FileNotFoundError:
        raise Damaged(f"{path} is missing") from None
    except (msgspec.MsgspecError, Forged) as error:
        raise Damaged(f"{path}: {error}") from None


def hash_of(path: Path) -> str:
    """What the next manifest says of this one."""
    return sha256(path.read_bytes()).hexdigest()
