"""The link wizard: 1 Data, 2 Check, 3 Done."""

from dataclasses import dataclass, field
from typing import Literal

from services.gateway.pages.shared import Child, Form


@dataclass(frozen=True)
class LinkedDiary:
    """A diary this account can open already; `title` is the account name chosen for it."""

    link: str
    title: str
    child: Child


@dataclass(frozen=True)
class LinkData:
    """Step 1. Form fields: choice (a link id or "new"), title, login, password."""

    form: Form = field(default_factory=Form)
    existing: tuple[LinkedDiary, ...] = ()
    step: Literal[1] = 1


@dataclass(frozen=True)
class LinkCheck:
    """Step 2. `child` is None while the diary is being prepared; `late` after a minute of that."""

    pupil: str
    title: str
    child: Child | None = None
    school: str | None = None
    late: bool = False
    step: Literal[2] = 2
