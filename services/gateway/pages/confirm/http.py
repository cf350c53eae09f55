"""The code from the letter."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from services.eventsourcing.problems import Problem
from services.gateway.errors.localized import form_of
from services.gateway.forms import missing, typed
from services.gateway.pages.confirm.model import ConfirmPage
from services.gateway.pages.shared import Form
from services.gateway.sessions.http import end_session
from services.gateway.sessions.sessions_store import Session
from services.gateway.web import Elsewhere, forward, parts, session, show

pages = Blueprint("confirm", __name__)
PAUSE_SECONDS = 60


@pages.get("/confirm", endpoint="show")
def show_form() -> ResponseReturnValue:
    """Asks for the code."""
    return show("confirm/page.html", _page(_pending()))


@pages.post("/confirm")
def submit() -> ResponseReturnValue:
    """The right code opens the door."""
    pending = _pending()
    values = typed("code")
    form = missing(values, "code")
    if form is None:
        try:
            done = parts().identity.confirm(pending.account, values["code"].replace(" ", ""))
        except Problem as problem:
            form = form_of(problem, values)
        else:
            parts().applied(done)
            end_session()
            return forward("sign_in.show", confirmed="yes")
    return show("confirm/page.html", _page(pending, form), 422)


@pages.post("/confirm/code")
def resend() -> ResponseReturnValue:
    """Another code; the one before stops working."""
    pending = _pending()
    if _resend_in(pending):
        return forward("confirm.show")
    try:
        parts().identity.resend(pending.account)
    except Problem as problem:
        return show("confirm/page.html", _page(pending, form_of(problem, {})), 422)
    parts().sessions.note(pending, sent=parts().clock().timestamp())
    page = ConfirmPage(pending.notes["email"], resend_in=PAUSE_SECONDS, sent_again=True)
    return show("confirm/page.html", page)


def _pending() -> Session:
    found = session()
    if found is None or found.kind != "pending":
        raise Elsewhere("/sign-in")
    return found


def _resend_in(pending: Session) -> int:
    passed = parts().clock().timestamp() - float(pending.notes["sent"])
    return max(0, round(PAUSE_SECONDS - passed))


def _page(pending: Session, form: Form | None = None) -> ConfirmPage:
    return ConfirmPage(pending.notes["email"], form or Form(), _resend_in(pending))
