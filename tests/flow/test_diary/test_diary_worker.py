"""The worker publishes what was committed, and opens a diary for every pupil."""

from services.diary.names import Name
from services.diary.pupil.commands import AdmitPupil
from tests.kit.waiting import eventually


def test_every_admitted_pupil_gets_a_diary_by_itself(school):
    school.world.worker("diary")
    school.run(AdmitPupil("vera", "s7", Name("Осипова", "Вера"), "07"))
    eventually(lambda: all(school.events(f"diary-{pupil}") for pupil in ("masha", "lev", "sonya", "vera")))
    (commit,) = school.core.store.read("diary-vera")
    assert (commit.actor, commit.causation) == ("system:open-diary", "pupil-vera@1")


def test_all_commits_reach_the_log(school):
    school.world.worker("diary")
    eventually(lambda: school.core.store.count_unpublished() == 0)
