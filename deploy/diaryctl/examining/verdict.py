"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass

OK = "ok"
WARNING = "warning"
FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Verdict:
    """state: ok, warning (works, but look at it) or failure. step: what to do next, empty when all is well."""

    check: str
    state: str
    found: str
    step: str = ""


def judged(check: str, found: str, *, fails: bool = False, warns: bool = False, step: str = "") -> Verdict:
    """The verdict of two conditions."""
    state = FAILURE if fails else WARNING if warns else OK
    return Verdict(check, state, found, "" if state == OK else step)
