"""The change of a staff password: of the one-time one at the first sign-in, of one's own at any time."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from services.eventsourcing.problems import Problem
from services.gateway.errors.localized import form_of
from services.gateway.forms import missing, typed
from services.gateway.pages.shared import Form
from services.gateway.pages.staff_password.model import StaffPasswordPage
from services.gateway.sessions.http import open_session
from services.gateway.web import Elsewhere, caller, forward, parts, show, who

pages = Blueprint("staff_password", __name__)


@pages.get("/staff/password", endpoint="show")
def show_form() -> ResponseReturnValue:
    """The form."""
    return show("staff_password/page.html", StaffPasswordPage(first=_must_change()))


@pages.post("/staff/password")
def submit() -> ResponseReturnValue:
    """All sessions opened with the old password end; this browser gets a new one."""
    first = _must_change()
    values = typed("old", "new")
    form: Form | None = missing(values, "old", "new")
    if form is None:
        try:
            parts().identity.change_password(caller(), values["old"], values["new"])
        except Problem as problem:
            form = form_of(problem, values)
        else:
            parts().sessions.end_all(who().account, before=parts().clock())
            open_session("staff", who().account)
            return forward("today.show")
    return show("staff_password/page.html", StaffPasswordPage(form, first), 422)


def _must_change() -> bool:
    if who().kind != "staff":
        raise Elsewhere("/staff")
    return who().must_change
