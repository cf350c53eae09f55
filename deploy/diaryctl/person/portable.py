"""The portable diary of a pupil: what a family keeps, and what another school can read. A page and the same as data.

Teachers appear as they do in the diary; other pupils do not appear at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader

from deploy.diaryctl.installation import Installation
from services.gateway.averages import average
from services.gateway.calendar import terms, weeks_between, year_of
from services.gateway.family import Diary, load_diary, load_school
from services.gateway.family import form_title as form_of
from services.gateway.pages.marks.compose import entries_between
from services.gateway.pages.shared import Mark
from services.gateway.pages.week.compose import Moment
from services.gateway.pages.week.lessons import all_recorded
from services.gateway.people import official
from services.gateway.view_store import ViewStore

HERE = Path(__file__).parent
FORMAT = "school-diary portable diary 1"
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {"diary": "Diary", "school": "School", "form": "Class", "id": "Id in the school's journal", "made": "Made on",
           "subject": "Subject", "average": "Average", "date": "Date", "mark": "Mark", "weight": "Weight",
           "work": "Work", "comment": "Comment", "teacher": "Teacher", "absences": "Absences", "topics": "Lessons",
           "topic": "Topic", "homework": "Homework", "none": "No marks", "corrected": "corrected", "lesson": "lesson",
           "test": "test", "quiz": "quiz", "exam": "exam", "absent": "absent", "excused": "excused", "ill": "ill",
           "late": "late", "signed": "This diary came in a signed archive; READ-ME.txt in it says how to check it."},
    "ru": {"diary": "Дневник", "school": "Школа", "form": "Класс", "id": "Номер в журнале школы", "made": "Составлен",
           "subject": "Предмет", "average": "Средний балл", "date": "Дата", "mark": "Отметка", "weight": "Вес",
           "work": "Работа", "comment": "Комментарий", "teacher": "Учитель", "absences": "Пропуски",
           "topics": "Уроки", "topic": "Тема", "homework": "Задание", "none": "Отметок нет",
           "corrected": "исправлено", "lesson": "урок", "test": "контрольная", "quiz": "самостоятельная",
           "exam": "экзамен", "absent": "отсутствие", "excused": "уважительная причина", "ill": "болезнь",
           "late": "опоздание",
           "signed": "Дневник лежит в подписанном архиве; READ-ME.txt в нём объясняет, как проверить подпись."},
}  # fmt: skip


def diary_of(place: Installation, pupil: str, today: date) -> dict[str, Any] | None:
    """The whole school career that the journal knows, as data; None when this is no pupil."""
    views = ViewStore(place.db("gateway"))
    about = views.get("week", f"pupil:{pupil}")
    if not about:
        return None
    school = load_school(views, str(about.get("school") or ""))
    known = terms(school)
    begins, ends = _whole(views, pupil, year_of(known, today))
    weeks = weeks_between(begins, ends)
    diary = load_diary(views, pupil, about, weeks, weeks)
    groups = {f"group:{group}": doc for group, doc in diary.groups.items()}
    return {
        "format": FORMAT,
        "pupil": {"id": pupil, "name": official(about)},
        "school": {name: school.get(name) for name in ("name", "address", "phone", "email", "site")},
        "form": form_of(about, groups),
        "made": datetime.now().astimezone().isoformat(timespec="seconds"),
        "begins": begins.isoformat(),
        "ends": ends.isoformat(),
        "subjects": _subjects(diary, begins, ends, today),
        "lessons": _lessons(diary),
    }


def page_of(diary: Mapping[str, Any], lang: str) -> bytes:
    """The same as a page that needs nothing but itself."""
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    page = environment.get_template("portable.html").render(diary=diary, t=WORDS[lang], lang=lang)
    return page.encode()


def data_of(diary: Mapping[str, Any]) -> bytes:
    """The same as JSON."""
    return msgspec.json.format(msgspec.json.encode(diary), indent=2)


def _whole(views: ViewStore, pupil: str, year: tuple[date, date]) -> tuple[date, date]:
    """This school year, and the years before of which there are entries."""
    live = views.collection("week")
    prefix = {"_id": {"$gte": f"entries:{pupil}:", "$lt": f"entries:{pupil};"}}
    found = views.db[live].find_one(prefix, {"_id": 1}, sort=[("_id", 1)]) if live else None
    first = date.fromisoformat(f"{found['_id'].rpartition(':')[2]}-1") if found else year[0]
    return min(first, year[0]), year[1]


def _subjects(diary: Diary, begins: date, ends: date, today: date) -> list[dict[str, Any]]:
    subjects: dict[str, dict[str, Any]] = {}
    at = Moment(today, datetime.now().astimezone())
    for day, number, entry in sorted(entries_between(diary, begins, ends, at), key=lambda one: (one[0], one[1])):
        subject = subjects.setdefault(entry.subject, {"subject": entry.subject, "marks": [], "absences": []})
        if isinstance(entry, Mark):
            subject["marks"].append(entry)
        else:
            subject["absences"].append({"date": day.isoformat(), "lesson": number, "state": entry.state})
    return [_subject(one) for _, one in sorted(subjects.items())]


def _subject(subject: dict[str, Any]) -> dict[str, Any]:
    mean = average(subject["marks"])
    return {
        **subject,
        "average": str(mean) if mean is not None else None,
        "marks": [_mark(m) for m in subject["marks"]],
    }


def _mark(mark: Mark) -> dict[str, Any]:
    history = [
        {"was": one.was, "value": one.value, "at": one.at.isoformat(timespec="seconds"), "by": one.by,
         "reason": one.reason}
        for one in mark.history
    ]  # fmt: skip
    return {
        "date": mark.date.isoformat(),
        "value": mark.value,
        "weight": mark.weight,
        "kind": mark.kind,
        "work": mark.title,
        "comment": mark.comment,
        "posted": mark.posted.isoformat(timespec="seconds") if mark.posted else None,
        "history": history,
    }


def _lessons(diary: Diary) -> list[dict[str, Any]]:
    """What was taught and set to the pupil's groups while the pupil was in them."""
    found = []
    for group, day, number, lesson in all_recorded(diary):
        stay, on = diary.stay(group), day.isoformat()
        if (stay.get("begins") or "") <= on and (not stay.get("ends") or on <= stay["ends"]):
            found.append(
                {
                    "date": on,
                    "lesson": number,
                    "subject": lesson.get("subject") or diary.groups[group].get("subject") or "",
                    "teacher": diary.teacher(lesson.get("teacher")),
                    "topic": lesson.get("topic"),
                    "homework": (lesson.get("homework") or {}).get("text"),
                }
            )
    return sorted(found, key=lambda one: (one["date"], one["lesson"]))
