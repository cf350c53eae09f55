"""Events as notify reads them."""

from __future__ import annotations

from typing import Any

from services.eventsourcing.clock import stamp
from services.eventsourcing.message import Recorded
from tests.kit.clock import MORNING

MASHA, PETYA = "pupilmasha", "pupilpetya"
MOTHER, FATHER, TEACHER = "accountmother", "accountfather", "teachersidorova"
GROUP = "groupalgebra"
LESSON = f"{GROUP}.2026-11-24.2"


def event(type: str, stream: str, version: int = 1, at: str = stamp(MORNING), **more: Any) -> Recorded:
    """An event; keywords that are not of the envelope are its data."""
    envelope = {name: more.pop(name) for name in ("commit", "commit_last", "actor") if name in more}
    envelope = {"commit": version, "commit_last": version, **envelope}
    return Recorded(stream=stream, version=version, type=type, schema=1, data=more, at=at, **envelope)


def grade(type: str = "GradePosted", version: int = 1, pupil: str = MASHA, **more: Any) -> Recorded:
    """An entry in the journal."""
    entry = {"value": "5", "kind": "test", "weight": 3, "comment": None, "work": "1"}
    place = {"lesson": LESSON, "group": GROUP, "subject": "Algebra", "date": "2026-11-24", "number": 2}
    facts = {"actor": f"staff:{TEACHER}", **place, **entry, **more}
    return event(type, f"lesson-{LESSON}", version, pupil=pupil, **facts)


def registered(account: str = MOTHER, **more: Any) -> Recorded:
    """An account with a mail address."""
    names = {"last_name": "Иванова", "first_name": "Ольга", "patronymic": None}
    contact = {"login": "olga", "email": f"{account}@example.org", "locale": "ru", "agreement": "1"}
    return event("AccountRegistered", f"account-{account}", **{"account": account, **names, **contact, **more})


def confirmed(account: str = MOTHER, **more: Any) -> Recorded:
    """Its address is proven."""
    return event("EmailConfirmed", f"account-{account}", **{"version": 2, "account": account, **more})


def admitted(pupil: str = MASHA, **more: Any) -> Recorded:
    """A pupil of a school."""
    names = {"last_name": "Иванова", "first_name": "Мария", "patronymic": None}
    return event("PupilAdmitted", f"pupil-{pupil}", pupil=pupil, school="school1", grade="7", **{**names, **more})


def linked(pupil: str = MASHA, account: str = MOTHER, version: int = 1, **more: Any) -> Recorded:
    """An account follows a diary."""
    facts = {"link": f"link{version}", "title": "Маша", "actor": f"portal:{account}", **more}
    return event("DiaryLinked", f"diary-{pupil}", version, pupil=pupil, account=account, **facts)


def formed(**more: Any) -> Recorded:
    """A teaching group."""
    facts = {"school": "school1", "kind": "subject", "title": "7А алгебра", "subject": "Алгебра", "course": None}
    return event("GroupFormed", f"group-{GROUP}", group=GROUP, **{**facts, **more})
