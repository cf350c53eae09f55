"""Fixtures of every test: real servers once per run, a fresh world of databases and topics per test."""

import logging
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from deploy.local.servers import Servers
from tests.kit.school import School
from tests.kit.system import System, running_system
from tests.kit.world import World, Worlds

settings.register_profile(
    "busy-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100, print_blob=True
)
settings.load_profile("busy-machine")
# A broker that tests kill fills a failing test's report with lines about lost connections.
logging.getLogger("kafka").setLevel(logging.CRITICAL)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """One real Kafka and one real MongoDB, started when the first test asks for them."""
    with Servers(tmp_path_factory.mktemp("servers")) as running:
        yield running


@pytest.fixture(scope="session")
def worlds(servers: Servers) -> Iterator[Worlds]:
    """The maker of worlds: database users are made once, because each costs the server a tenth of a second."""
    with Worlds(servers) as maker:
        yield maker


@pytest.fixture
def world(worlds: Worlds) -> Iterator[World]:
    """Empty databases, new topic names, settings for every service; what it started ends with the test."""
    with worlds.fresh() as fresh:
        yield fresh


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The whole system as `make up` starts it, once per run, without the demonstration school."""
    with running_system(tmp_path_factory.mktemp("system")) as running:
        yield running


@pytest.fixture(scope="session")
def school(system: System, tmp_path_factory: pytest.TempPathFactory) -> School:
    """The small school, imported with its timetable, its staff with one-time passwords."""
    return School.imported(system, tmp_path_factory.mktemp("school"))
