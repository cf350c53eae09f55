"""Enters roster and journal into the diary through the commands everybody uses, many streams at once."""

import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time
from pathlib import Path
from typing import Final

from deploy.demo.commands import Rosters, command_of, rosters
from deploy.demo.items import JournalItem, LessonItem
from deploy.demo.journal import ZONE, journal
from deploy.demo.roster import write_zip
from deploy.demo.school import SOURCE, DemoSchool
from services.diary.importing.oneroster.prepare import prepare
from services.diary.importing.oneroster.report import ImportReport
from services.diary.importing.run import run
from services.diary.school.commands import ChangeSchoolDetails
from services.diary.service import Command, Diary
from services.eventsourcing.clock import stamp
from services.eventsourcing.decider import Committed
from services.eventsourcing.ids import derived_id
from services.eventsourcing.message import Meta

ACTOR: Final = "operator:demo"
WORKERS: Final = 8
_CONTACTS: Final = {
    "ru": ("ул. Садовая, д. 17", "+7 000 000-00-17", "office@school.example.org", "https://school.example.org"),
    "en": ("17 Garden Street", "+44 0000 000017", "office@school.example.org", "https://school.example.org"),
}
Progress = Callable[[int, int], None]


def enter_roster(school: DemoSchool, diary: Diary, progress: Progress) -> ImportReport:
    """Import the school as it was on its first day; entered before, nothing changes."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare(write_zip(school, Path(folder) / "demo.zip"), school.today, SOURCE)
    at = first_day(school)

    def execute(command: Command) -> Committed:
        key = derived_id("demo", "roster", school.lang, str(school.seed), str(school.today), repr(command))
        return diary.run(command, Meta(ACTOR, key, at))

    report = run(prepared, execute, progress, WORKERS)
    execute(contacts_of(school))
    return report


def contacts_of(school: DemoSchool) -> ChangeSchoolDetails:
    """The command that gives the school its address."""
    return ChangeSchoolDetails(school.org, *_CONTACTS[school.lang])


def enter_journal(school: DemoSchool, diary: Diary, now: datetime, progress: Progress) -> int:
    """Enter bells, timetables and lessons; the number of lessons saved. Entered before, nothing changes."""
    items = list(journal(school))
    lessons: dict[str, list[LessonItem]] = {}
    first: list[JournalItem] = []
    for item in items:
        if isinstance(item, LessonItem):
            lessons.setdefault(item.group, []).append(item)
        else:
            first.append(item)
    pupils, done = rosters(school), 0
    for item in first:
        _enter(diary, item, pupils, first_day(school), now)
    with ThreadPoolExecutor(WORKERS, "demo") as pool:
        # the savings of one lesson follow each other, the groups need not
        for count in pool.map(lambda saved: _enter_group(diary, saved, pupils, now), lessons.values()):
            done += count
            progress(done, len(items) - len(first))
    return done


def _enter_group(diary: Diary, saved: Sequence[LessonItem], pupils: Rosters, now: datetime) -> int:
    for item in saved:
        _enter(diary, item, pupils, stamp(min(item.at, now)), now)
    return len(saved)


def _enter(diary: Diary, item: JournalItem, pupils: Rosters, at: str, now: datetime) -> None:
    actor = f"staff:{item.teacher}" if isinstance(item, LessonItem) else ACTOR
    diary.run(command_of(item, pupils, now), Meta(actor, _key(item), at))


def _key(item: JournalItem) -> str:
    """The same item has the same key, so that loading again after a crash repeats nothing."""
    return derived_id("demo", repr(item))


def first_day(school: DemoSchool) -> str:
    """The stamp of everything that is there when the school year begins."""
    return stamp(datetime.combine(school.year.begins, time(5), ZONE))
