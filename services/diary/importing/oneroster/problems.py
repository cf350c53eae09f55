"""What can be wrong with a set: codes and the sentences a school office reads, in both languages."""

from dataclasses import dataclass, field
from typing import Final, Protocol

# code -> (English, Russian); {value}, {column} and the parameters of the problem may be used
SENTENCES: Final[dict[str, tuple[str, str]]] = {
    # rows that are refused
    "id_missing": ("The row has no sourcedId.", "В строке нет идентификатора sourcedId."),
    "value_missing": ("The column {column} is required and empty.", "Обязательная колонка {column} пуста."),
    "name_missing": (
        "The person has no {column}: the diary needs a family name and a given name.",
        "У человека не заполнено {column}: дневнику нужны фамилия и имя.",
    ),
    "duplicate_id": (
        "The sourcedId {value} was already used with other content in line {first}.",
        "Идентификатор {value} уже встретился в строке {first} с другим содержанием.",
    ),
    "date_unreadable": ("{value} is not a date.", "{value} не похоже на дату."),
    "dates_reversed": ("The end {value} is before the beginning.", "Окончание {value} раньше начала."),
    "school_unknown": (
        "There is no organisation {value} in the set, or its row was refused.",
        "Организации {value} нет в наборе, или её строка отклонена.",
    ),
    "class_unknown": (
        "There is no class {value} in the set, or its row was refused.",
        "Класса {value} нет в наборе, или его строка отклонена.",
    ),
    "user_unknown": (
        "There is no person {value} in the set, or their row was refused.",
        "Человека {value} нет в наборе, или его строка отклонена.",
    ),
    "enrolment_role_unknown": (
        "{value} is not a role in a class: student and teacher are.",
        "{value} не является ролью в классе: бывают student и teacher.",
    ),
    "not_accepted": ("The diary does not accept this: {why}", "Дневник этого не принимает: {why}"),
    # rows that are taken with a remark
    "duplicate_row": ("The row repeats line {first}.", "Строка повторяет строку {first}."),
    "course_unknown": ("The course {value} is not in the set.", "Курса {value} нет в наборе."),
    "term_unknown": ("The term {value} is not in the set.", "Учебного периода {value} нет в наборе."),
    "parent_unknown": ("The parent {value} is not in the set.", "Вышестоящей записи {value} нет в наборе."),
    "org_unknown": ("The organisation {value} is not in the set.", "Организации {value} нет в наборе."),
    "agent_unknown": (
        "The related person {value} is not in the set.",
        "Связанного человека {value} нет в наборе.",
    ),
    "status_unknown": (
        "The status {value} is unknown, the row counts as active.",
        "Статус {value} неизвестен, строка считается действующей.",
    ),
    "type_unknown": ("The type {value} is unknown.", "Тип {value} неизвестен."),
    "role_unknown": (
        "The role {value} is unknown; what the person does in classes decides.",
        "Роль {value} неизвестна; решает то, кем человек записан в классы.",
    ),
    "role_not_used": (
        "The role {value} has no place in a class journal and is left out.",
        "Роль {value} в журнале класса не участвует и пропущена.",
    ),
    "also_pupil": (
        "A person who is not a student by role is enrolled as one.",
        "Человек записан в класс учеником, хотя по роли он не ученик.",
    ),
    "enrolled_twice": (
        "The person is already in this class (line {first}); the dates are joined.",
        "Человек уже записан в этот класс (строка {first}); даты объединены.",
    ),
    # whole files
    "file_missing": (
        "The manifest promises {value}, but it is not there.",
        "Манифест обещает {value}, но такого файла нет.",
    ),
    "delta_file": (
        "The manifest calls {value} a delta; it is read as a full list.",
        "По манифесту {value} содержит только изменения; он прочитан как полный список.",
    ),
    "encoding_guessed": (
        "The file is not UTF-8 and was read as Windows-1251.",
        "Файл не в кодировке UTF-8 и прочитан как Windows-1251.",
    ),
    "header_spelling": (
        "The column {value} was read as {column}.",
        "Колонка {value} прочитана как {column}.",
    ),
    "header_repeated": (
        "The column {column} appears twice, the first one counts.",
        "Колонка {column} встречается дважды, учтена первая.",
    ),
    "row_longer": (
        "The row has more values than the header has columns; the rest is ignored.",
        "Значений в строке больше, чем колонок в заголовке; лишние пропущены.",
    ),
    # sets that cannot be read at all
    "not_found": ("There is no file or folder {value}.", "Файл или папка {value} не найдены."),
    "not_oneroster": (
        "{value} is neither a folder nor a zip with OneRoster CSV files.",
        "{value} не является папкой или архивом zip с файлами OneRoster CSV.",
    ),
    "several_sets": (
        "There are several OneRoster sets inside: {value}. Choose one.",
        "Внутри несколько наборов OneRoster: {value}. Выберите один.",
    ),
    "too_large": (
        "{value} unpacks to more than is allowed.",
        "{value} при распаковке превышает допустимый размер.",
    ),
    "damaged": ("{value} is damaged or protected by a password.", "{value} повреждён или защищён паролем."),
    "not_csv": ("{value} is not a CSV file.", "{value} не является файлом CSV."),
}


class Place(Protocol):
    """Where something was read: a row knows its file and line."""

    @property
    def file(self) -> str: ...

    @property
    def line(self) -> int: ...


def sentence(code: str, lang: str, **params: str) -> str:
    """The sentence of a code in Russian (`ru`) or English (anything else)."""
    english, russian = SENTENCES[code]
    return (russian if lang == "ru" else english).format(**params)


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark about one place of one file."""

    file: str
    line: int
    column: str
    value: str
    code: str
    params: tuple[tuple[str, str], ...] = field(default=())

    def reason(self, lang: str = "en") -> str:
        """The sentence to show."""
        return sentence(self.code, lang, column=self.column, value=self.value, **dict(self.params))


class Refusal(Problem):
    """The row is not taken."""


class Caution(Problem):
    """The row is taken, with this remark."""


class UnreadableSet(ValueError):
    """The only error of the reader: what was given is not a OneRoster set at all."""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(sentence(code, "en", value=value))
        self.code = code
        self.value = value

    def reason(self, lang: str = "en") -> str:
        """The sentence to show."""
        return sentence(self.code, lang, value=self.value)


@dataclass(slots=True)
class Log:
    """Collects refusals and cautions while a set is read."""

    refusals: list[Refusal] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)

    def refuse(self, place: Place, column: str, code: str, value: str = "", **params: str) -> None:
        """Record that the row at this place is not taken."""
        self.refusals.append(Refusal(place.file, place.line, column, value, code, tuple(sorted(params.items()))))

    def warn(self, place: Place, column: str, code: str, value: str = "", **params: str) -> None:
        """Record a remark about a row that is taken."""
        self.cautions.append(Caution(place.file, place.line, column, value, code, tuple(sorted(params.items()))))
