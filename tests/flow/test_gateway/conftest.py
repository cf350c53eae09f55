"""Fixtures of the gateway's flow tests."""

import pytest

from tests.flow.test_gateway.portal import Portal
from tests.kit.world import World


@pytest.fixture
def portal(world: World) -> Portal:
    """The small school's portal with nothing else running: no Kafka client, no other service, no worker."""
    return Portal(world)
