"""Fixtures of the diary's flow tests."""

import pytest

from tests.flow.test_diary.scene import Scene
from tests.kit.world import World


@pytest.fixture
def school(world: World) -> Scene:
    """The small school."""
    return Scene(world)
