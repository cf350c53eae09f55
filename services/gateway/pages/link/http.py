"""The link wizard: the slip's login and password are typed once, then the diary opens by itself."""

from __future__ import annotations

import time

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from services.eventsourcing.problems import Problem
from services.gateway.access.rules import children
from services.gateway.backends import Done
from services.gateway.errors.localized import form_of
from services.gateway.forms import missing, typed
from services.gateway.pages.diaries.http import diaries_of
from services.gateway.pages.diaries.model import Diary
from services.gateway.pages.link.model import LinkCheck, LinkData, LinkedDiary
from services.gateway.pages.shared import Form
from services.gateway.web import caller, family, forward, not_found, own_child, parts, session, show

pages = Blueprint("link", __name__)
NEW = "new"
LATE_SECONDS = 60.0
LONGEST_TITLE = 60


@pages.get("/link", endpoint="show")
def show_data() -> ResponseReturnValue:
    """Step 1: an existing diary, or a new one."""
    choice = request.args.get("choice")
    return _data(Form({"choice": choice} if choice else {}))


@pages.post("/link")
def submit() -> ResponseReturnValue:
    """Links the diary and waits until it can be opened; how long that took is in Server-Timing."""
    family()
    values = typed("choice", "title", "login", "password")
    if values["choice"] and values["choice"] != NEW:
        return _existing(values["choice"])
    form = missing(values, "title", "login", "password") or _too_long(values)
    if form is None:
        begun = time.perf_counter()
        try:
            done = link(values["login"], values["password"], values["title"])
        except Problem as problem:
            form = form_of(problem, values)
        else:
            return _linked(done, begun)
    return _data(form, 422)


@pages.get("/link/<pupil>/check")
def check(pupil: str) -> ResponseReturnValue:
    """Step 2: whose diary it is; while it is on its way the page looks again by itself."""
    found = family()
    started = ((here := session()) and here.notes.get("linking", {}).get(pupil)) or None
    linked = children(found).get(pupil)
    if linked is None and started is None:
        raise not_found()
    card = next((diary for diary in diaries_of(found) if diary.child.pupil == pupil), None)
    if card is None:
        late = started is not None and parts().clock().timestamp() - float(started) > LATE_SECONDS
        return show("link/page.html", LinkCheck(pupil, (linked or {}).get("title") or "", late=late))
    return show("link/page.html", LinkCheck(pupil, card.title, card.child, card.school))


@pages.get("/link/<pupil>/done")
def done(pupil: str) -> ResponseReturnValue:
    """Step 3: the diary opens."""
    own_child(pupil)
    return forward("week.show", pupil=pupil)


def link(login: str, password: str, title: str, key: str = "") -> Done:
    """Open a diary to the caller by its slip; the diary counts wrong tries."""
    return parts().diary.link(caller(), login, password, title, key)


def _linked(done: Done, begun: float) -> Response:
    pupil = str(done.body["pupil"])
    answered = time.perf_counter()
    parts().applied(done)
    if (here := session()) is not None:
        parts().sessions.note(here, linking={pupil: parts().clock().timestamp()})
    answer = forward("link.check", pupil=pupil)
    whole, backend = (time.perf_counter() - begun) * 1000, (answered - begun) * 1000
    answer.headers["Server-Timing"] = f"link;dur={whole:.1f}, diary;dur={backend:.1f}, view;dur={whole - backend:.1f}"
    return answer


def _existing(choice: str) -> Response:
    chosen = next((diary for diary in diaries_of(family()) if diary.link == choice), None)
    if chosen is None:
        raise not_found()
    return forward("link.check", pupil=chosen.child.pupil)


def _data(form: Form, status: int = 200) -> ResponseReturnValue:
    existing = tuple(_shown(diary) for diary in diaries_of(family()))
    return show("link/page.html", LinkData(form, existing), status)


def _shown(diary: Diary) -> LinkedDiary:
    return LinkedDiary(diary.link, diary.title, diary.child)


def _too_long(values: dict[str, str]) -> Form | None:
    if len(values["title"]) <= LONGEST_TITLE:
        return None
    open_values = {name: text for name, text in values.items() if name != "password"}
    return Form(open_values, {"title": _("At most %(most)s characters.", most=LONGEST_TITLE)})
