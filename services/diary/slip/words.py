"""What stands on slips, in the languages of the schools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language. steps: how to use the slip."""

    pupil_slip: str
    teacher_slip: str
    form: str
    login: str
    password: str
    issue: str
    steps: tuple[str, ...]
    keep: str
    date_format: str

    def dated(self, issue: int, day: date) -> str:
        """Issue number and date."""
        return self.issue.format(issue=issue, date=day.strftime(self.date_format))


WORDS: Final[Mapping[str, Words]] = {
    "ru": Words(
        pupil_slip="Электронный дневник",
        teacher_slip="Листок учителя",
        form="Класс {form}",
        login="Логин дневника",
        password="Пароль дневника",
        issue="Листок № {issue} от {date}",
        steps=(
            "Откройте портал по коду и войдите в свою учётную запись или зарегистрируйтесь.",
            "Выберите «Подключить дневник».",
            "Введите логин и пароль с этого листка. Это не пароль от портала.",
        ),
        keep="Пароль стоит только на листке ученика. Новый листок отменяет прежний, подключённые дневники остаются.",
        date_format="%d.%m.%Y",
    ),
    "en": Words(
        pupil_slip="School diary",
        teacher_slip="Teacher's slip",
        form="Class {form}",
        login="Diary login",
        password="Diary password",
        issue="Slip No. {issue} of {date}",
        steps=(
            "Open the portal with the code, then sign in or create your account.",
            "Choose “Link a diary”.",
            "Type the login and password of this slip. It is not your portal password.",
        ),
        keep="The password is only on the pupil's slip. A new slip ends the one before; linked diaries stay.",
        date_format="%-d %B %Y",
    ),
}
