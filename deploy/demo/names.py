"""Made-up people with Russian or English names that agree in gender."""

import random
from dataclasses import dataclass
from typing import Final, Literal

Sex = Literal["m", "f"]

_RU_GIVEN: Final = {
    "m": "Александр Алексей Андрей Артём Богдан Вадим Глеб Григорий Даниил Денис Дмитрий Егор Иван Илья "
    "Кирилл Константин Лев Максим Марк Матвей Никита Олег Павел Роман Семён Степан Тимофей Фёдор Юрий Ярослав",
    "f": "Агата Александра Алиса Алёна Анастасия Анна Арина Валерия Варвара Василиса Вера Виктория Дарья Диана "
    "Ева Екатерина Елизавета Злата Кира Ксения Милана Надежда Наталья Ольга Полина София Таисия Ульяна Яна",
}  # fmt: skip
_EN_GIVEN: Final = {
    "m": "Adam Alfie Arthur Ben Callum Charlie Daniel Edward Felix Finn George Harry Henry Isaac Jack Jacob "
    "James Joseph Leo Lewis Liam Logan Lucas Noah Oliver Oscar Reuben Samuel Theo Thomas Toby William",
    "f": "Alice Amelia Ava Beth Chloe Clara Daisy Eleanor Ella Emily Erin Esme Eva Evie Florence Freya Grace "
    "Hannah Holly Isla Ivy Jasmine Lily Lucy Maisie Matilda Molly Nora Phoebe Poppy Rosie Ruby Scarlett Sophie",
}  # fmt: skip
# the stem of a patronymic: Алексеев + ич, Алексеев + на
_RU_FATHERS: Final = (
    "Александров Алексеев Анатольев Андреев Антонов Артёмов Борисов Вадимов Валерьев Викторов Витальев "
    "Владимиров Вячеславов Геннадьев Денисов Дмитриев Евгеньев Игорев Константинов Максимов Михайлов "
    "Николаев Олегов Павлов Петров Романов Сергеев Станиславов Юрьев"
)
_RU_SURNAMES: Final = (
    "Агафонов Антипов Баранов Белоусов Беляев Бобров Борисенко Веселовский Виноградов Воробьёв Воронцов Гаврилов "
    "Голубев Горбунов Грачёв Громов Гусев Давыдов Дементьев Дорофеев Ершов Жаворонков Журавлёв Заречный "
    "Зимин Золотарёв Исаев Калинин Капустин Карпенко Киселёв Климов Ковалёв Колесников Комаров Коновалов "
    "Корнилов Кошелев Красильников Кудрявцев Лазарев Лапин Лебединский Логинов Лукин Макаров Малинин Маслов "
    "Мельников Морозов Муравьёв Назаров Нестеров Осипов Панфилов Пахомов Поляков Прохоров Родионов Рощин "
    "Рябинин Савельев Садовский Сафонов Селезнёв Серебряков Скворцов Соболев Степанов Суханов Тарасов Тимошенко "
    "Третьяков Туманов Уваров Филатов Фомин Харитонов Цветков Черных Шестаков Широков Щербаков Юдин Яковлев"
)
_EN_SURNAMES: Final = (
    "Abbott Archer Ashton Barker Barnes Bennett Birch Bradley Brooks Burton Carter Chapman Coleman Collins Cooper "
    "Cross Dalton Dawson Draper Ellis Farmer Fisher Fletcher Foster Gardner Gibson Grant Griffin Harper Harvey "
    "Hayes Hughes Hunter Jenkins Kemp Knight Lambert Lawson Marsh Mason Mercer Miller Moss Murray Newman Nash "
    "Norris Osborne Palmer Parker Pearce Porter Potter Price Quinn Reeves Rhodes Sanders Sawyer Shaw Shepherd "
    "Slater Spencer Stone Sutton Taylor Thorne Tucker Turner Underwood Vaughan Walker Walsh Warren Watts Webster "
    "Wells Weston Wheeler Winter Woods Wright Yates York"
)


@dataclass(frozen=True, slots=True)
class Person:
    """A name in the order it is sorted by."""

    last: str
    first: str
    patronymic: str
    sex: Sex


class Namer:
    """Gives each family name once, as long as there are names, so that no two families are mixed up."""

    def __init__(self, rng: random.Random, lang: str) -> None:
        self._rng = rng
        self._russian = lang == "ru"
        self._surnames: list[str] = []

    def surname(self) -> str:
        """The next family name, in the masculine form; a school larger than the list begins it again."""
        if not self._surnames:
            self._surnames = (_RU_SURNAMES if self._russian else _EN_SURNAMES).split()
            self._rng.shuffle(self._surnames)
        return self._surnames.pop()

    def person(self, sex: Sex, surname: str | None = None, first: str | None = None) -> Person:
        """Somebody new, with the given family name or the next one."""
        given = (_RU_GIVEN if self._russian else _EN_GIVEN)[sex].split()
        return self.named(sex, surname or self.surname(), first or self._rng.choice(given))

    def named(self, sex: Sex, surname: str, first: str, father: str | None = None) -> Person:
        """A person of this name; Russian people get a patronymic, from `father` (a stem) when it is given."""
        if not self._russian:
            return Person(surname, first, "", sex)
        stem = father or self.father()
        last = feminine(surname) if sex == "f" else surname
        return Person(last, first, stem + ("ич" if sex == "m" else "на"), sex)

    def father(self) -> str:
        """The stem of a patronymic, for brothers and sisters to share."""
        return self._rng.choice(_RU_FATHERS.split())


def feminine(surname: str) -> str:
    """The feminine form of a Russian family name; names on -о and -ых have none."""
    if surname.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return surname + "а"
    if surname.endswith(("ий", "ый", "ой")):
        return surname[:-2] + "ая"
    return surname
