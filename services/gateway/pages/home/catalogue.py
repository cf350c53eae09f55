"""The catalogue of the portal: which services there are, in which sections, by which words they are found."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from services.gateway.pages.home.model import Section, Service

DIARY = "diary"


@dataclass(frozen=True, slots=True)
class Card:
    """A service, the sections it stands in, the words it is found by in both languages."""

    service: Service
    sections: frozenset[Section]
    words: str


def cards() -> tuple[Card, ...]:
    """Every service in the reader's language, ours first."""
    return (_diary(), _kindergarten(), _first_class(), _clubs())


def in_section(section: Section) -> tuple[Service, ...]:
    """The services of a section."""
    return tuple(card.service for card in cards() if section in card.sections)


def _diary() -> Card:
    summary = _("Timetable, homework and marks of your child, the day the teacher enters them.")
    words = (
        "электронный дневник учащегося оценки отметки успеваемость журнал школа школьник расписание уроки домашнее "
        "задание electronic student diary marks grades journal school pupil timetable lessons homework"
    )
    return Card(
        Service(DIARY, _("Electronic student diary"), summary),
        frozenset({"popular", "education", "general"}),
        words,
    )


def _kindergarten() -> Card:
    summary = _("The queue for kindergartens and groups for the youngest.")
    return Card(
        Service("kindergarten", _("Place in a kindergarten"), summary, ours=False),
        frozenset({"popular", "education", "preschool"}),
        "детский сад садик очередь место дошкольное kindergarten nursery queue place preschool",
    )


def _first_class() -> Card:
    summary = _("Application for the first class of a school of your district.")
    return Card(
        Service("enrolment", _("Enrolment in the first class"), summary, ours=False),
        frozenset({"popular", "education", "general"}),
        "запись первый класс школа первоклассник заявление enrolment first class school application",
    )


def _clubs() -> Card:
    summary = _("Sports, music, art: extra classes near home.")
    return Card(
        Service("clubs", _("Clubs and sections"), summary, ours=False),
        frozenset({"education", "extra"}),
        "кружки секции спорт музыка рисование дополнительное образование clubs sections sports music art extra",
    )
