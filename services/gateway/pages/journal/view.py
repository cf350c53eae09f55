"""What staff read of a group: who is in it, every cell of a week with its history, and the state of diary slips."""

from __future__ import annotations

from collections.abc import Mapping

from services.eventsourcing.message import Recorded
from services.eventsourcing.view import Doc
from services.gateway.erasing import erased_classes, lessons_by_week, wordless_at
from services.gateway.fold import Change, Rules, dropping, picked, setting, week_of
from services.gateway.pages.week.entries import author, cleared, corrected, marked, posted, withdrawn
from services.gateway.pages.week.view import lesson_key

Changes = Mapping[str, Change]


def _enrolled(event: Recorded) -> Changes:
    data = event.data
    return {f"roster:{data['group']}": setting("pupils", data["pupil"], **picked(data, "begins", "ends"))}


def _unenrolled(event: Recorded) -> Changes:
    data = event.data
    ends = data.get("ends") or event.at[:10]
    return {f"roster:{data['group']}": setting("pupils", data["pupil"], ends=ends)}


def _cell(event: Recorded, change: Change) -> Changes:
    data = event.data
    key = f"{lesson_key(data)}/{data['pupil']}"

    def at_cell(doc: Doc) -> None:
        cell = doc.setdefault("cells", {}).setdefault(key, {})
        change(cell)
        cell["changed"], cell["by"], cell["version"] = event.at, author(event), event.version

    return {f"cells:{data['group']}:{week_of(data['date'])}": at_cell}


def _issued(event: Recorded) -> Changes:
    data = event.data
    return {f"slip:{data['pupil']}": setting(issue=data["issue"], issued=event.at)}


def _linked(event: Recorded) -> Changes:
    data = event.data
    return {f"slip:{data['pupil']}": setting("links", data["link"], account=data["account"])}


def _unlinked(event: Recorded) -> Changes:
    return {f"slip:{event.data['pupil']}": dropping("links", event.data["link"])}


def _diary_erased(event: Recorded) -> Changes:
    pupil, classes = event.data["pupil"], erased_classes(event)
    return {
        f"cells:{group}:{week}": wordless_at("cells", [f"{lesson}/{pupil}" for lesson in lessons], classes)
        for (group, week), lessons in lessons_by_week(event).items()
    }


JOURNAL = Rules(
    "journal",
    2,
    {
        "PupilEnrolled": _enrolled,
        "PupilUnenrolled": _unenrolled,
        "GradePosted": lambda event: _cell(event, posted(event)),
        "GradeCorrected": lambda event: _cell(event, corrected(event)),
        "GradeWithdrawn": lambda event: _cell(event, withdrawn(event)),
        "AttendanceMarked": lambda event: _cell(event, marked(event)),
        "AttendanceCleared": lambda event: _cell(event, cleared(event)),
        "SlipIssued": _issued,
        "DiaryLinked": _linked,
        "LinkRemoved": _unlinked,
        "DiaryErased": _diary_erased,
    },
)
