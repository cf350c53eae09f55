"""The running system of a directory of tests: its conftest.py imports these fixtures; they end with its last test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.school import School
from tests.kit.system import System, running_system


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The whole system as `make up` starts it, without the demonstration school."""
    with running_system(tmp_path_factory.mktemp("system")) as running:
        yield running


@pytest.fixture(scope="package")
def school(system: System, tmp_path_factory: pytest.TempPathFactory) -> School:
    """The small school, imported with its timetable, its staff with one-time passwords."""
    return School.imported(system, tmp_path_factory.mktemp("school"))
