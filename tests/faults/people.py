"""Who is at work while faults happen."""

from __future__ import annotations

from tests.faults.ground import Ground
from tests.faults.load import journals
from tests.faults.putting import Proving
from tests.kit.client import new_parent
from tests.kit.school import School
from tests.kit.system import System


def proving(system: System, school: School) -> Proving:
    """Two teachers with four journals, and a parent who has linked the diary of one pupil."""
    teachers = journals(school)
    parent = new_parent(system, "faults", "Вера")
    slip = school.slips("7a", school.teacher("t-orlova"), "p-sonya")["Софья"]
    parent.post("/diaries", {"login": slip.login, "password": slip.password, "title": "Софья"})
    return Proving(Ground(system), teachers, parent)
