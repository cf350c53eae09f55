"""A mailbox and a scene with a family."""

from collections.abc import Iterator

import pytest

from tests.flow.test_notify.scene import Mailbox, Scene
from tests.kit.world import World
from tests.unit.notify.events import admitted, confirmed, formed, linked, registered


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """An open mailbox."""
    box = Mailbox()
    box.open()
    yield box
    box.close()


@pytest.fixture
def scene(world: World, mailbox: Mailbox) -> Scene:
    """Nothing has happened yet."""
    return Scene(world, mailbox)


@pytest.fixture
def family(scene: Scene) -> Scene:
    """Masha's mother follows her diary and has been told so."""
    scene.happen("identity", registered(), confirmed())
    scene.happen("diary", admitted(), formed(), linked())
    scene.run()
    scene.mailbox.mails.clear()
    return scene
