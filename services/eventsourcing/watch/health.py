"""Readiness: each dependency by name, so that whoever is called at night knows where to look first."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

Check = Callable[[], str]  # "" when all is well, otherwise what is not


@dataclass(frozen=True, slots=True)
class Checked:
    """One dependency. seconds: how long the look took."""

    name: str
    ok: bool
    detail: str
    seconds: float


def readiness(checks: Mapping[str, Check]) -> tuple[dict[str, Any], int]:
    """The body and status of /readyz: 200 when every check passes, else 503 with the names of those that do not."""
    found = [_checked(name, check) for name, check in checks.items()]
    missing = [one.name for one in found if not one.ok]
    body = {"status": "not ready" if missing else "ready", "missing": missing, "checks": [asdict(one) for one in found]}
    return body, 503 if missing else 200


def answering(ready: Callable[[], object]) -> Check:
    """A check of something that raises when it does not answer."""

    def check() -> str:
        ready()
        return ""

    return check


def _checked(name: str, check: Check) -> Checked:
    began = time.perf_counter()
    try:
        detail = check()
    except Exception as error:
        detail = type(error).__name__  # its text may hold addresses
    return Checked(name, not detail, detail, round(time.perf_counter() - began, 4))
