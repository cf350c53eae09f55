"""A course."""

from services.diary.course.commands import OfferSubject
from services.diary.course.decider import COURSE
from services.diary.course.events import SubjectOffered
from tests.kit.given import given

OFFER = OfferSubject("alg", "s7", "Algebra", ("07",))


def test_a_subject_is_offered_once():
    decision = given().on(COURSE).when(OFFER)
    decision.then(SubjectOffered(course="alg", school="s7", title="Algebra", grades=("07",)))
    decision.and_when(OFFER).nothing()


def test_another_title_is_a_new_fact():
    later = OfferSubject("alg", "s7", "Algebra and analysis", ("07",))
    expected = SubjectOffered(course="alg", school="s7", title="Algebra and analysis", grades=("07",))
    given().on(COURSE).when(OFFER).and_when(later).then(expected)
