"""Slips for a class over HTTP."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response

from services.diary.group.decider import FORM_CLASS, GROUP, Group
from services.diary.group.events import GroupFormed
from services.diary.pupil.decider import PUPIL
from services.diary.service import Diary
from services.diary.slip.code import grouped
from services.diary.slip.issuing import Issued
from services.diary.slip.schemas import SlipsSchema
from services.diary.slip.words import WORDS
from services.diary.staff.decider import STAFF
from services.eventsourcing.decider import Missing, Refused
from services.eventsourcing.web import extension, meta, only, read

blueprint = Blueprint("slips", __name__)


@blueprint.post("/classes/<group>/slips")
def slips(group: str) -> Response:
    """New slips for the class or some of it, as a PDF. The passwords are in this answer and nowhere else."""
    me, today = only("staff").account, extension("today")()
    state = _diary().executor.load(GROUP, group).state
    formed = _allowed(state, me, today)
    asked = read(SlipsSchema())
    pupils = _sorted(_chosen(state, asked["pupils"], today))
    made = extension("issuing").issue(formed.school, [id for id, _ in pupils], meta())
    names = dict(pupils)
    lang = asked["lang"] or extension("settings").lang
    return _pdf(formed.title, made, names, today, lang if lang in WORDS else "ru")


def _allowed(group: Group, me: str, today: date) -> GroupFormed:
    """The class, for its class teacher and the administrators of its school; for others there is none."""
    formed = group.formed
    if formed is not None and formed.kind == FORM_CLASS:
        mine = group.primary_teacher(today) == me
        if mine or _diary().executor.load(STAFF, me).state.administers(formed.school):
            return formed
    raise Missing("class-unknown", "There is no such class.")


def _chosen(group: Group, wanted: list[str], today: date) -> list[str]:
    members = group.members_from(today)
    for pupil in wanted:
        if pupil not in members:
            raise Refused("pupil-not-in-class", "This pupil is not in the class.", field="pupils", pupil=pupil)
    return list(dict.fromkeys(wanted)) or list(members)


def _sorted(pupils: list[str]) -> list[tuple[str, str]]:
    names = {id: _diary().executor.load(PUPIL, id).state.name.written for id in pupils}
    return sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0]))


def _pdf(form: str, made: list[Issued], names: dict[str, str], today: date, lang: str) -> Response:
    from services.diary.slip.paper import Paper, print_slips  # fonts and codes are of no use to other requests

    papers = [Paper(names[slip.pupil], form, grouped(slip.login), grouped(slip.password), slip.issue) for slip in made]
    answer = Response(print_slips(papers, extension("settings").portal_url, today, lang), mimetype="application/pdf")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = 'attachment; filename="slips.pdf"'
    return answer


def _diary() -> Diary:
    found: Diary = extension("diary")
    return found
