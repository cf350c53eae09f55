"""What a refusal is told as, in the reader's language: code -> sentence. The services' own sentences are English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TEXTS: Mapping[str, Any] = {}


def sentence(code: str, params: Mapping[str, Any], fallback: str) -> str:
    """The sentence of a code; the service's own one when there is no text or a parameter is missing."""
    text = TEXTS.get(code)
    if text is None:
        return fallback
    try:
        return str(text) % dict(params)
    except (KeyError, ValueError, TypeError):
        return fallback
