"""Fixtures of the gateway's flow tests."""

import msgspec
import pytest

from tests.flow.test_gateway.portal import Portal
from tests.kit.world import World
from tests.unit.gateway.history import FORM, MASHA, MONDAY, PARENT, TUESDAY, small_school

SEPTEMBER = "2026-09-01T06:00:00.000000Z"
LATE = "2026-11-24T20:59:59.999999Z"  # the last moment of Tuesday in Moscow
AFTER = "2026-11-24T21:00:00.000000Z"


@pytest.fixture
def portal(world: World) -> Portal:
    """The small school's portal with nothing else running: no Kafka client, no other service, no worker."""
    return Portal(world)


@pytest.fixture
def story(portal: Portal) -> Portal:
    """Everybody is there since September; Tuesday's mark and homework changed when Tuesday was over."""
    history = small_school()
    history.events[:] = [msgspec.structs.replace(event, at=SEPTEMBER) for event in history.events]
    history.grade(TUESDAY, MASHA, "3", at=LATE).lesson(MONDAY, "HomeworkSet", text="№ 1", due=TUESDAY, at=LATE)
    history.correction(TUESDAY, MASHA, "3", "5", at=AFTER).grade(MONDAY, MASHA, "4", at=AFTER)
    history.lesson(MONDAY, "HomeworkSet", text="№ 2", due=TUESDAY, at=AFTER)
    history.add("pupil-lev", "PupilAdmitted", at=AFTER, pupil="lev", school="school", grade="6",
                last_name="Абрамов", first_name="Лев", patronymic=None)  # fmt: skip
    history.add("group-6b", "PupilEnrolled", at=AFTER, group=FORM, pupil="lev", begins=TUESDAY, ends=None)
    history.add("diary-lev", "DiaryLinked", at=AFTER, pupil="lev", account=PARENT, link="annalev", title="Мама")
    portal.know(history)
    return portal
