"""The agreement a new account accepts."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class AgreementPage:
    """The version and day of the text that is in force."""

    version: str
    since: date
