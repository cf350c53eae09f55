"""Fixtures of every test: real servers once per run, a fresh world of databases and topics per test."""

import logging
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer

from deploy.local.servers import Servers
from tests.kit.division import TOGETHER, Shares, share_of
from tests.kit.world import World, Worlds

settings.register_profile(
    "busy-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100, print_blob=True
)
settings.load_profile("busy-machine")
# A broker that tests kill fills a failing test's report with lines about lost connections.
logging.getLogger("kafka").setLevel(logging.CRITICAL)


FAULTS = "tests/faults/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first; everything else stays in its order."""
    items.sort(key=lambda item: share_of(item.nodeid) not in TOGETHER)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Shares:
    """Tests of one share run in one process."""
    return Shares(config, log)


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
