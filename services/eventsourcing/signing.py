"""Signatures of an installation: Ed25519 over a statement and what kind of statement it is."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

SEED_BYTES = 32


class Forged(Exception):
    """The signature is not one of this key over this statement."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half of a key."""

    key: Ed25519PublicKey

    @property
    def pem(self) -> str:
        """The public key for others to keep, as openssl and most libraries read it."""
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def id(self) -> str:
        """16 characters that name the key: the start of the SHA-256 of its 32 bytes."""
        return sha256(self.key.public_bytes_raw()).hexdigest()[:16]

    def verify(self, kind: str, statement: bytes, signature: str) -> None:
        """Raises Forged."""
        try:
            self.key.verify(base64.b64decode(signature, validate=True), _signed(kind, statement))
        except (InvalidSignature, ValueError):
            raise Forged(f"this {kind} is not signed by the key {self.id}") from None


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs."""

    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.key.public_key())

    def sign(self, kind: str, statement: bytes) -> str:
        """The signature in base64. `kind` keeps a statement from passing for one of another kind."""
        return base64.b64encode(self.key.sign(_signed(kind, statement))).decode()


def read_signer(path: Path) -> Signer:
    """The key in a secret file: a seed of 32 bytes as base64 text. Raises ValueError when it is something else."""
    seed = base64.b64decode(path.read_text().strip(), validate=True)
    if len(seed) != SEED_BYTES:
        raise ValueError(f"{path} must hold {SEED_BYTES} bytes in base64, it holds {len(seed)}")
    return Signer(Ed25519PrivateKey.from_private_bytes(seed))


def read_verifier(pem: bytes) -> Verifier:
    """A public key in PEM. Raises ValueError when it is none of Ed25519."""
    key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("this is not a public key of Ed25519")
    return Verifier(key)


def _signed(kind: str, statement: bytes) -> bytes:
    return f"school-diary {kind}\n".encode() + statement
