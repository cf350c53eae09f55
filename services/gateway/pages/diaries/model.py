"""My diaries: what the account can open, adding and removing."""

from dataclasses import dataclass
from datetime import date

from services.gateway.pages.shared import Child


@dataclass(frozen=True)
class Diary:
    """One linked diary; `title` is the account name chosen in the wizard."""

    link: str
    child: Child
    title: str
    school: str | None = None
    since: date | None = None


@dataclass(frozen=True)
class DiariesPage:
    """`asking` is the diary whose removal waits for a yes; `removed` names one just removed."""

    email: str
    login: str
    diaries: tuple[Diary, ...] = ()
    asking: Diary | None = None
    removed: str | None = None
