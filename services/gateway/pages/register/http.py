"""Registration of a portal account."""

from __future__ import annotations

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.eventsourcing.ids import new_id
from services.eventsourcing.problems import Problem
from services.gateway.errors.localized import form_of
from services.gateway.forms import missing, typed
from services.gateway.pages.agreement.http import IN_FORCE
from services.gateway.pages.register.model import RegisterPage
from services.gateway.pages.shared import Form
from services.gateway.sessions.http import open_session
from services.gateway.web import client, forward, parts, show

pages = Blueprint("register", __name__)

NEEDED = ("last_name", "first_name", "email", "login", "password", "question", "answer")
FIELDS = (*NEEDED, "patronymic", "agreement", "key")


@pages.get("/register", endpoint="show")
def show_form() -> ResponseReturnValue:
    """The empty form."""
    return show("register/page.html", RegisterPage(new_id()))


@pages.post("/register")
def submit() -> ResponseReturnValue:
    """Registers, then asks for the code from the letter. A known address gets the same answer."""
    values = typed(*FIELDS)
    form = _incomplete(values)
    if form is None:
        form = _register(values)
    if form is not None:
        return show("register/page.html", RegisterPage(new_id(), form), 422)
    return forward("confirm.show")


def _incomplete(values: dict[str, str]) -> Form | None:
    form = missing(values, *NEEDED, "agreement")
    if form is None or values["agreement"]:
        return form
    needed = _("Without accepting the agreement no account can be opened.")
    return Form(form.values, {**form.errors, "agreement": needed})


def _register(values: dict[str, str]) -> Form | None:
    try:
        done = parts().identity.register(account_of(values, g.lang), client(), values["key"])
    except Problem as problem:
        return form_of(problem, values)
    sent = parts().clock().timestamp()
    open_session("pending", done.body["account"], email=values["email"], sent=sent)
    return None


def account_of(values: dict[str, str], lang: str) -> dict[str, str | None]:
    """The account as identity takes it."""
    facts: dict[str, str | None] = {name: values[name] for name in NEEDED}
    return facts | {"patronymic": values["patronymic"] or None, "locale": lang, "agreement": IN_FORCE.version}
