"""The people whose work goes on while faults happen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.people import proving as prove
from tests.faults.putting import Proving
from tests.kit.living import school, system
from tests.kit.school import School
from tests.kit.system import System

__all__ = ["school", "system"]


@pytest.fixture(scope="package")
def proving(system: System, school: School) -> Iterator[Proving]:
    """Two teachers and a parent in the running system, the same for all faults."""
    made = prove(system, school)
    yield made
    made.ground.close()
