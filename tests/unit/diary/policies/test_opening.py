"""Diaries open by themselves."""

from services.diary.catalog import registry
from services.diary.names import Name
from services.diary.policies.opening import Opening
from services.diary.pupil.commands import AdmitPupil
from services.diary.service import Diary
from services.eventsourcing.decider import Executor
from services.eventsourcing.message import Meta
from services.eventsourcing.store_memory import MemoryStore
from services.eventsourcing.vault import MemoryKeyRing, Vault
from tests.kit.clock import FrozenClock


def test_an_admitted_pupil_gets_one_diary_however_often_the_event_comes():
    store = MemoryStore()
    diary = Diary(Executor(store, registry, Vault(MemoryKeyRing())))
    diary.run(AdmitPupil("masha", "s7", Name("Kovaleva", "Maria")), Meta("test", "c1", "2026-11-24T08:30:00.000000Z"))
    (event,) = store.read("pupil-masha")[0].recorded()
    for _ in range(2):
        Opening(diary, FrozenClock()).handlers["PupilAdmitted"](event)
    (opened,) = store.read("diary-masha")
    assert (opened.events[0].type, opened.causation) == ("DiaryOpened", "pupil-masha@1")
