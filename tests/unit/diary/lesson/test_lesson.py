"""Topic, homework, and who may write when."""

from datetime import timedelta

from services.diary.lesson.commands import Entry, Homework
from services.diary.lesson.decider import LESSON
from services.diary.lesson.events import HomeworkSet, HomeworkWithdrawn, TopicSet
from services.eventsourcing.decider import Forbidden
from tests.kit.given import given
from tests.unit.diary.journal import DAY, PLACE, held, record

THURSDAY = DAY + timedelta(days=2)
EXERCISE = HomeworkSet(**PLACE, text="Exercise 5", due=THURSDAY)


def test_a_topic_is_set_once():
    decision = given().on(LESSON).when(record(topic="Fractions"))
    decision.then(held(), TopicSet(**PLACE, topic="Fractions"))
    decision.and_when(record(topic="Fractions")).nothing()


def test_an_empty_request_puts_nothing_into_the_journal():
    given().on(LESSON).when(record()).nothing()


def test_homework_is_set_until_a_day():
    given(held()).on(LESSON).when(record(homework=Homework("Exercise 5", THURSDAY))).then(EXERCISE)


def test_the_same_homework_again_changes_nothing():
    given(held(), EXERCISE).on(LESSON).when(record(homework=Homework("Exercise 5", THURSDAY))).nothing()


def test_homework_is_withdrawn():
    given(held(), EXERCISE).on(LESSON).when(record(homework=None)).then(HomeworkWithdrawn(**PLACE))


def test_homework_is_due_after_the_lesson():
    given().on(LESSON).when(record(homework=Homework("Exercise 5", DAY))).refused("due-too-early")


def test_homework_and_topic_of_a_coming_lesson_can_be_planned():
    command = record(topic="Fractions", homework=Homework("Exercise 5", THURSDAY), today=DAY - timedelta(days=7))
    assert len(given().on(LESSON).when(command).decided()) == 3


def test_marks_of_a_coming_lesson_are_refused():
    command = record(Entry("masha", mark="5"), today=DAY - timedelta(days=1))
    given().on(LESSON).when(command).refused("lesson-in-future")


def test_a_lesson_of_last_week_is_still_open():
    given(held()).on(LESSON).when(record(topic="Fractions", today=DAY + timedelta(days=7))).then(
        TopicSet(**PLACE, topic="Fractions")
    )


def test_a_date_of_another_year_is_a_typing_mistake():
    given().on(LESSON).when(record(topic="Fractions", today=DAY + timedelta(days=500))).refused("date-too-far")


def test_who_does_not_teach_the_group_that_day_is_not_let_in():
    refusal = given().on(LESSON).when(record(topic="Fractions", by="orlova")).refused("not-your-lesson")
    assert isinstance(refusal, Forbidden)
