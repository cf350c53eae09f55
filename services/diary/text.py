"""Text as requests bring it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import fields
from marshmallow.validate import Length

LINE_BREAKS = "\n\r\t"


class Text(fields.String):
    """Text without surrounding space and without invisible control characters, at most `longest` characters."""

    def __init__(self, longest: int, *, shortest: int = 0, **kwargs: Any) -> None:
        super().__init__(validate=Length(min=shortest, max=longest), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = unicodedata.normalize("NFC", str(super()._deserialize(value, attr, data, **kwargs)))
        return "".join(sign for sign in text if sign in LINE_BREAKS or unicodedata.category(sign) != "Cc").strip()
