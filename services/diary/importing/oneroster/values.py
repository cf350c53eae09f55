"""Single values of a cell: dates in the forms found in the wild, lists, flags, grades."""

import re
from datetime import date
from typing import Final

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII | re.DOTALL)
_SLASHED: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?: .*)?", re.ASCII | re.DOTALL)
_LAST_MONTH: Final = 12


def parse_date(text: str) -> date | None:
    """The day of an ISO date or datetime, `31.12.2026` or `31/12/2026`; None when empty, else ValueError.

    Slashes are day first, unless the second number can only be a day.
    """
    text = text.strip()
    if not text:
        return None
    if iso := _ISO.fullmatch(text):
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    if slashed := _SLASHED.fullmatch(text):
        day, month, year = int(slashed[1]), int(slashed[2]), int(slashed[3])
        if month > _LAST_MONTH:
            day, month = month, day
        return date(year, month, day)
    raise ValueError(text)


def parse_list(text: str) -> tuple[str, ...]:
    """Values separated by commas, spaces around them ignored, each once, in the order given."""
    return tuple(dict.fromkeys(part for part in (piece.strip() for piece in text.split(",")) if part))


def parse_flag(text: str) -> bool:
    """Whether a cell says yes; empty is no."""
    return text.strip().lower() in ("true", "1", "yes")


def parse_grade(text: str) -> str:
    """A grade without leading zeros: `06` and `6` are the same grade."""
    return text.lstrip("0") or text
