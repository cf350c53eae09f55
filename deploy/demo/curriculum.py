"""What sixth forms learn here, who teaches it and where; the bells of the day."""

from dataclasses import dataclass
from typing import Final

GRADE: Final = 6


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject: key, names, hours a week, whether a class is halved for it, and how it is examined."""

    key: str
    ru: str
    en: str
    hours: int
    halved: bool = False
    heavy: bool = False  # belongs to the first lessons of a day
    tested: bool = True  # has written tests
    homework: bool = True

    def title(self, lang: str) -> str:
        """The name families see."""
        return self.ru if lang == "ru" else self.en


SUBJECTS: Final = {
    subject.key: subject
    for subject in (
        Subject("language", "Русский язык", "English", 6, heavy=True),
        Subject("literature", "Литература", "Literature", 3),
        Subject("foreign", "Английский язык", "French", 3, halved=True, heavy=True),
        Subject("maths", "Математика", "Mathematics", 5, heavy=True),
        Subject("computing", "Информатика", "Computing", 1, halved=True),
        Subject("history", "История", "History", 2),
        Subject("society", "Обществознание", "Social studies", 1),
        Subject("geography", "География", "Geography", 1),
        Subject("biology", "Биология", "Biology", 1),
        Subject("art", "Изобразительное искусство", "Art", 1, tested=False, homework=False),
        Subject("music", "Музыка", "Music", 1, tested=False, homework=False),
        Subject("craft", "Труд (технология)", "Design and technology", 2, tested=False),
        Subject("sport", "Физическая культура", "Physical education", 3, tested=False, homework=False),
    )
}

# what is taught on which day; each class starts the row elsewhere, so that days differ between classes
WEEK: Final = (
    ("language", "maths", "foreign", "literature", "history", "sport"),
    ("language", "maths", "craft", "craft", "biology", "music"),
    ("language", "language", "maths", "foreign", "literature", "sport"),
    ("language", "maths", "computing", "society", "history", "art"),
    ("language", "maths", "foreign", "literature", "geography", "sport"),
)
SHIFTS: Final = {"a": 0, "b": 2, "c": 4}

BELLS: Final = (
    ("08:30", "09:15"),
    ("09:25", "10:10"),
    ("10:30", "11:15"),
    ("11:35", "12:20"),
    ("12:30", "13:15"),
    ("13:25", "14:10"),
)


@dataclass(frozen=True, slots=True)
class Post:
    """A place on the staff: role, position, room, what it teaches in which class (half 0 is the whole class)."""

    key: str
    sex: str
    role: str
    ru: str
    en: str
    room: str
    teaches: tuple[tuple[str, str, int], ...] = ()
    form: str | None = None

    def position(self, lang: str) -> str:
        """The position families see."""
        return self.ru if lang == "ru" else self.en


def _in(classes: str, *subjects: str, half: int = 0) -> tuple[tuple[str, str, int], ...]:
    return tuple((subject, form, half) for form in classes for subject in subjects)


POSTS: Final = (
    Post("head", "f", "head", "Директор", "Head teacher", "201"),
    Post("office", "f", "administrator", "Заместитель директора", "Deputy head", "203"),
    Post("language-1", "f", "teacher", "Учитель русского языка и литературы", "Teacher of English", "304",
        _in("ab", "language", "literature"), form="b"),
    Post("language-2", "f", "teacher", "Учитель русского языка и литературы", "Teacher of English", "305",
        _in("c", "language", "literature"), form="c"),
    Post("maths-1", "f", "teacher", "Учитель математики", "Teacher of mathematics", "311",
        _in("ab", "maths"), form="a"),
    Post("maths-2", "m", "teacher", "Учитель математики и информатики", "Teacher of mathematics and computing", "312",
        (*_in("c", "maths"), *_in("abc", "computing", half=2))),
    Post("foreign-1", "f", "teacher", "Учитель английского языка", "Teacher of French", "215",
        _in("abc", "foreign", half=1)),
    Post("foreign-2", "f", "teacher", "Учитель английского языка", "Teacher of French", "216",
        _in("abc", "foreign", half=2)),
    Post("computing", "m", "teacher", "Учитель информатики", "Teacher of computing", "118",
        _in("abc", "computing", half=1)),
    Post("history", "m", "teacher", "Учитель истории и обществознания", "Teacher of history", "309",
        _in("abc", "history", "society")),
    Post("nature", "f", "teacher", "Учитель биологии и географии", "Teacher of biology and geography", "210",
        _in("abc", "geography", "biology")),
    Post("craft", "f", "teacher", "Учитель технологии и ИЗО", "Teacher of design and art", "105",
        _in("abc", "craft", "art")),
    Post("music", "f", "teacher", "Учитель музыки", "Teacher of music", "102", _in("abc", "music")),
    Post("sport", "m", "teacher", "Учитель физической культуры", "Teacher of physical education", "спортзал",
        _in("abc", "sport")),
)  # fmt: skip
