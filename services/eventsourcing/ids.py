"""Identifiers: short, lower-case, safe in stream names and URLs."""

from __future__ import annotations

import base64
import hashlib
import secrets

ID_BYTES = 10  # 80 bits: 16 base32 characters, no padding


def new_id() -> str:
    """A random identifier of 16 lower-case base32 characters (80 bits). Not a secret: never use it as one."""
    return _text(secrets.token_bytes(ID_BYTES))


def derived_id(*parts: str) -> str:
    """The same 16 characters for the same parts, for ever: SHA-256 over the parts joined by U+001F, cut to 80 bits."""
    return _text(hashlib.sha256("\x1f".join(parts).encode()).digest()[:ID_BYTES])


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().lower()
