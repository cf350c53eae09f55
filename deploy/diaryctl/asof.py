"""diaryctl asof: a diary or a journal as it was."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import click

from deploy.diaryctl.asof_text import show_diary, show_journal
from deploy.diaryctl.installation import Installation, open_installation
from deploy.diaryctl.looking import payloads, reason_option
from deploy.diaryctl.output import console, fail, print_json
from services.diary.group.decider import GROUP
from services.eventsourcing.clock import moment, stamp, utc_now
from services.eventsourcing.core import open_vault
from services.eventsourcing.problems import Problem
from services.eventsourcing.vault import MemoryKeyRing, Vault
from services.gateway.calendar import span, term_at, terms, weeks_between
from services.gateway.family import load_child, load_diary, load_school
from services.gateway.pages.journal import compose as journal
from services.gateway.pages.journal.facts import facts_of as of_journal
from services.gateway.pages.journal.model import JournalPage
from services.gateway.pages.marks import compose as marks
from services.gateway.pages.marks.facts import facts_of as of_marks
from services.gateway.pages.marks.model import MarksPage
from services.gateway.pages.week import compose as week
from services.gateway.pages.week.facts import facts_of as of_week
from services.gateway.pages.week.model import WeekPage
from services.gateway.past.differences import differences
from services.gateway.past.moment import last_moment
from services.gateway.past.past_store import PastStore
from services.gateway.past.reading import PastReader
from services.gateway.staff_reading import load_journal
from services.gateway.view_store import Views, ViewStore

WRONG_USE = 2
RULES = "mark x weight, divided by the sum of weights, halves rounded up"


class Moments:
    """The documents then and now. Today's are folded from the same events, so both sides open the same words."""

    def __init__(self, at: datetime, place: Installation, reason: str | None) -> None:
        self.at = at
        self._place = place
        self._reason = reason
        self.reader = _reader(place, opened=False)

    def open(self, stream: str | None = None, person: str | None = None) -> None:
        """With a reason personal values are there; who looks at what and why is an event of its own before."""
        if self._reason is not None:
            payloads(self._place, self._reason, ["diary"], stream=stream, person=person)
            self.reader = _reader(self._place, opened=True)

    @property
    def day(self) -> date:
        """The school's date then."""
        return self.at.date()

    @property
    def then(self) -> Views:
        """The documents as they were."""
        return self.reader.until(stamp(self.at))

    @property
    def now(self) -> Views:
        """The documents as they are."""
        return self.reader.until(stamp(utc_now()))

    def require(self, what: str, id: str) -> None:
        """End with a sentence when the pupil or group was not there yet."""
        key = f"{what}:{id}"
        if self.then.get("week", key):
            return
        begun = self.reader.begins("week", key)
        if begun is None:
            fail(f"There is no {what} {id}. `diaryctl events tail --type {KNOWN_BY[what]}` shows ids.")
        fail(f"The {what} was not there yet; it begins on {moment(begun).astimezone(self.at.tzinfo):%Y-%m-%d %H:%M}.")


KNOWN_BY = {"pupil": "PupilAdmitted", "group": "GroupFormed"}


@click.group()
@click.option("--at", "text", required=True, help="2026-12-20 for the end of that day at school, or 2026-12-20T14:00")
@reason_option
@click.pass_context
def asof(context: click.Context, text: str, reason: str | None) -> None:
    """What a diary or a journal showed at a moment, and what is different today.

    Folded by the pages' own views from the events kept beside them. Names, comments and reasons of absence stay closed
    without a reason.
    """
    place = open_installation()
    settings = place.settings("gateway")
    try:
        at = last_moment(text, ZoneInfo(settings.timezone), utc_now())
    except Problem as problem:
        fail(problem.detail, WRONG_USE)
    context.obj = Moments(at, place, reason)


@asof.command()
@click.argument("id")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
@click.pass_obj
def pupil(moments: Moments, id: str, as_json: bool) -> None:
    """The week and the term's marks of a pupil, as the family saw them."""
    moments.open(person=id)
    moments.require("pupil", id)
    shown, today = (_week(views, id, moments) for views in (moments.then, moments.now))
    term, term_now = (_marks(views, id, moments) for views in (moments.then, moments.now))
    changed = differences(of_week(shown), of_week(today), moments.day)
    of_term = differences(of_marks(term), of_marks(term_now), moments.day) if term and term_now else ()
    if as_json:
        print_json({"at": moments.at, "week": shown, "differences": changed,
                    "marks": term, "marks_differences": of_term})  # fmt: skip
    else:
        show_diary(console, moments.at, shown, changed, term, of_term)


@asof.command()
@click.argument("id")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
@click.pass_obj
def group(moments: Moments, id: str, as_json: bool) -> None:
    """The journal of a group for the term, as its teacher saw it."""
    moments.open(stream=GROUP.stream(id))
    moments.require("group", id)
    shown, today = (_journal(views, id, moments) for views in (moments.then, moments.now))
    changed = differences(of_journal(shown), of_journal(today), moments.day)
    if as_json:
        print_json({"at": moments.at, "journal": shown, "differences": changed})
    else:
        show_journal(console, moments.at, shown, changed)


def _reader(place: Installation, opened: bool) -> PastReader:
    # A vault without keys opens nothing: every sealed value is then as if its person were erased.
    vault = open_vault(place.settings("gateway")) if opened else Vault(MemoryKeyRing())
    return PastReader(PastStore(ViewStore(place.db("gateway"))), vault)


def _at(moments: Moments) -> week.Moment:
    return week.Moment(moments.day, moments.at)


def _week(views: Views, pupil: str, moments: Moments) -> WeekPage:
    about = views.get("week", f"pupil:{pupil}")
    child = load_child(views, pupil, about)
    diary = load_diary(views, pupil, about, *week.weeks_needed(moments.day, moments.day))
    return week.compose(diary, child, [child], moments.day, _at(moments))


def _marks(views: Views, pupil: str, moments: Moments) -> MarksPage | None:
    about = views.get("week", f"pupil:{pupil}")
    known = terms(load_school(views, str(about.get("school") or "")))
    term = term_at(known, moments.day)
    if term is None:
        return None
    weeks, child = weeks_between(*span(term)), load_child(views, pupil, about)
    diary = load_diary(views, pupil, about, weeks, weeks)
    return marks.compose(diary, child, [child], known, term, _at(moments), RULES)


def _journal(views: Views, group: str, moments: Moments) -> JournalPage:
    about = views.get("week", f"group:{group}")
    known = terms(load_school(views, str(about.get("school") or "")))
    term = term_at(known, moments.day)
    if term is None:
        fail("The school had no terms yet, so its journals had no lessons.")
    found = load_journal(views, group, weeks_between(*span(term)))
    return journal.compose(found, known, term, moments.day, moments.at, lesson=None, writes=False)
