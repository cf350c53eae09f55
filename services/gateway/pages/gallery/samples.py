"""Sample pieces for the gallery: every state once, in the reader's language."""

from datetime import UTC, date, datetime

from services.gateway.pages.gallery.model import GalleryPage
from services.gateway.pages.shared import Absence, Change, Child, Form, Mark, Waiting
from services.gateway.pages.week.model import Homework, Lesson, LessonChange
from services.gateway.past.model import AsOf, Difference

DAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 7, 8, tzinfo=UTC)

RUSSIAN = {
    "algebra": "Алгебра", "history": "История", "music": "Музыка", "sport": "Физкультура",
    "teacher": "Седов И. А.", "other": "Орлова Н. В.", "room": "305", "ill": "болеет учитель",
    "comment": "Решение верное, запись небрежная", "appeal": "апелляция: задача 5 решена верно",
    "topic": "Формулы сокращённого умножения", "task": "№ 418, 420 (а, в)", "masha": "Маша",
    "ilya": "Илья", "form": "6 «Б»", "wrong": "Похоже, это пароль от портала: здесь нужен пароль с листка.",
}  # fmt: skip
ENGLISH = {
    "algebra": "Algebra", "history": "History", "music": "Music", "sport": "Physical education",
    "teacher": "I. A. Sedov", "other": "N. V. Orlova", "room": "305", "ill": "the teacher is ill",
    "comment": "The solution is right, the writing careless", "appeal": "appeal: task 5 was solved correctly",
    "topic": "Short multiplication formulas", "task": "No. 418, 420 (a, c)", "masha": "Masha",
    "ilya": "Ilya", "form": "6 “B”",
    "wrong": "This looks like the portal password: here the password on the slip is needed.",
}  # fmt: skip


def sample(lang: str) -> GalleryPage:
    """The gallery's page in Russian or English."""
    words = RUSSIAN if lang == "ru" else ENGLISH
    algebra = words["algebra"]
    return GalleryPage(
        marks=_marks(words),
        absences=(
            Absence("absent", DAY, algebra),
            Absence("excused", DAY, algebra),
            Absence("ill", DAY, algebra),
            Absence("late", DAY, algebra),
        ),
        lessons=_lessons(words),
        children=(Child("masha", words["masha"], words["form"]), Child("ilya", words["ilya"], "9")),
        asof=AsOf(AT, DAY, True, _differences(algebra)),
        form=Form({"login": "KT7M-QX4P"}, {"password": words["wrong"]}),
    )


def _differences(subject: str) -> tuple[Difference, ...]:
    where = (DAY, 2, subject)
    return (
        Difference("mark", "3", "5", *where),
        Difference("homework", None, "№ 268", *where),
        Difference("absence", "ill", None, *where),
    )


def _marks(words: dict[str, str]) -> tuple[Mark, ...]:
    algebra = words["algebra"]
    change = Change("3", "4", AT, words["teacher"], words["appeal"])
    return (
        Mark("g5", "5", DAY, algebra, posted=AT),
        Mark("g4", "4", DAY, algebra, "quiz", 2, comment=words["comment"], posted=AT),
        Mark("g3", "3", DAY, algebra, "homework", posted=AT),
        Mark("g2", "2", DAY, algebra, "test", 3, posted=AT),
        Mark("g45", "4", DAY, algebra, "exam", 5, posted=AT, history=(change,)),
        Mark("gn", "5", DAY, algebra, posted=AT, fresh=True),
    )


def _lessons(words: dict[str, str]) -> tuple[Lesson, ...]:
    algebra, history, teacher = words["algebra"], words["history"], words["teacher"]
    due = date(2026, 11, 26)
    return (
        Lesson(1, "08:30", "09:15", algebra, "305", teacher, words["topic"],
               (Homework(words["task"], DAY, AT),), Homework(words["task"], due),
               (Mark("l4", "4", DAY, algebra, "test", 3, posted=AT), Mark("l3", "3", DAY, algebra))),
        Lesson(2, "09:25", "10:10", words["music"], "101", words["other"],
               change=LessonChange("replaced", history, words["ill"])),
        Lesson(3, "10:30", "11:15", words["sport"], change=LessonChange("cancelled", None, words["ill"])),
        Lesson(4, "11:35", "12:20", history, "12", change=LessonChange("room")),
        Lesson(5, "12:30", "13:15", history, "12", words["other"], change=LessonChange("teacher")),
        Lesson(6, "13:25", "14:10", history, change=LessonChange("moved"),
               absence=Absence("ill", DAY, history), waiting=Waiting(history, "test", DAY)),
    )  # fmt: skip
