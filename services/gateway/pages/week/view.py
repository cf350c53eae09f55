"""What a family's pages are made of: pupils, their groups, the groups' lessons by week, the pupil's entries by week.

Entries are kept once, by week; a term is some nine weeks, so the marks page reads them by ids and needs no copy.
Nothing here holds an entry of another child: lessons and groups belong to everybody in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from services.eventsourcing.message import Recorded
from services.eventsourcing.view import Doc
from services.gateway.erasing import erased_classes, lessons_by_week, nameless, wordless_at
from services.gateway.fold import Change, Rules, dropping, picked, place, setting, week_of
from services.gateway.pages.week.entries import cleared, corrected, marked, posted, withdrawn

Changes = Mapping[str, Change]


def _admitted(event: Recorded) -> Changes:
    data = event.data
    facts = picked(data, "school", "last_name", "first_name", "patronymic", "grade")
    return {f"pupil:{data['pupil']}": setting(**facts, left=False)}


def _renamed(event: Recorded) -> Changes:
    data = event.data
    return {f"pupil:{data['pupil']}": setting(**picked(data, "last_name", "first_name", "patronymic"))}


def _left(event: Recorded) -> Changes:
    return {f"pupil:{event.data['pupil']}": setting(left=True)}


def _enrolled(event: Recorded) -> Changes:
    data = event.data
    return {f"pupil:{data['pupil']}": setting("groups", data["group"], **picked(data, "begins", "ends"))}


def _unenrolled(event: Recorded) -> Changes:
    data = event.data
    return {f"pupil:{data['pupil']}": setting("groups", data["group"], ends=data.get("ends") or event.at[:10])}


def _formed(event: Recorded) -> Changes:
    data = event.data
    facts = picked(data, "school", "kind", "title", "subject", "course", "grade", "form")
    return {f"group:{data['group']}": setting(**facts)}


def _assigned(event: Recorded) -> Changes:
    data = event.data
    role = picked(data, "begins", "ends", "primary")
    return {f"group:{data['group']}": setting("teachers", data["teacher"], **role)}


def _unassigned(event: Recorded) -> Changes:
    data = event.data
    ends = data.get("ends") or event.at[:10]
    return {f"group:{data['group']}": setting("teachers", data["teacher"], ends=ends)}


def _timetable(event: Recorded) -> Changes:
    data = event.data
    version = picked(data, "begins", "ends", "slots")

    def change(doc: Doc) -> None:
        versions = doc.setdefault("timetable", [])
        versions[:] = [one for one in versions if one["begins"] != version["begins"]] + [version]

    return {f"group:{data['group']}": change}


def lesson_key(data: Mapping[str, Any]) -> str:
    """The place of a lesson inside its group's week: `2026-11-24/2`."""
    return f"{data['date']}/{data['number']}"


def _lesson(event: Recorded, change: Change) -> Changes:
    data = event.data
    key = lesson_key(data)
    return {f"lessons:{data['group']}:{week_of(data['date'])}": lambda doc: change(place(doc, ("lessons", key)))}


def _held(event: Recorded) -> Changes:
    return _lesson(event, setting(held=True, **picked(event.data, "subject", "teacher")))


def _topic(event: Recorded) -> Changes:
    return _lesson(event, setting(topic=event.data["topic"]))


def _homework(event: Recorded) -> Changes:
    return _lesson(event, setting("homework", **picked(event.data, "text", "due"), at=event.at))


def _no_homework(event: Recorded) -> Changes:
    return _lesson(event, dropping("homework"))


def _work(event: Recorded) -> Changes:
    return _lesson(event, setting("work", **picked(event.data, "kind", "title", "weight")))


def _entry(event: Recorded, change: Change) -> Changes:
    data = event.data
    key = f"{data['group']}/{lesson_key(data)}"

    def at_lesson(doc: Doc) -> None:
        entry = doc.setdefault("entries", {}).setdefault(key, {})
        if "subject" in data:
            entry["subject"] = data["subject"]
        change(entry)

    return {f"entries:{data['pupil']}:{week_of(data['date'])}": at_lesson}


def _erased(event: Recorded) -> Changes:
    return nameless(event, "pupil")


def _diary_erased(event: Recorded) -> Changes:
    pupil, classes = event.data["pupil"], erased_classes(event)
    groups: dict[str, list[str]] = defaultdict(list)
    for (group, week), lessons in lessons_by_week(event).items():
        groups[week] += [f"{group}/{lesson}" for lesson in lessons]

    return {f"entries:{pupil}:{week}": wordless_at("entries", keys, classes) for week, keys in groups.items()}


WEEK = Rules(
    "week",
    2,
    {
        "PupilAdmitted": _admitted,
        "PupilRenamed": _renamed,
        "PupilLeft": _left,
        "PupilEnrolled": _enrolled,
        "PupilUnenrolled": _unenrolled,
        "GroupFormed": _formed,
        "TeacherAssigned": _assigned,
        "TeacherUnassigned": _unassigned,
        "TimetableSet": _timetable,
        "LessonHeld": _held,
        "TopicSet": _topic,
        "HomeworkSet": _homework,
        "HomeworkWithdrawn": _no_homework,
        "WorkSet": _work,
        "GradePosted": lambda event: _entry(event, posted(event)),
        "GradeCorrected": lambda event: _entry(event, corrected(event)),
        "GradeWithdrawn": lambda event: _entry(event, withdrawn(event)),
        "AttendanceMarked": lambda event: _entry(event, marked(event)),
        "AttendanceCleared": lambda event: _entry(event, cleared(event)),
        "PersonErased": _erased,
        "DiaryErased": _diary_erased,
    },
)
