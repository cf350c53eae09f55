"""The staff door."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from services.eventsourcing.problems import Problem
from services.gateway.errors.localized import form_of
from services.gateway.forms import missing, typed
from services.gateway.pages.staff_sign_in.model import StaffSignInPage
from services.gateway.sessions.http import open_session
from services.gateway.web import client, forward, parts, safe_next, show, who

pages = Blueprint("staff_sign_in", __name__)


@pages.get("/staff", endpoint="show")
def show_form() -> ResponseReturnValue:
    """The form; whoever is in goes on."""
    if who().kind == "staff":
        return forward("today.show")
    return show("staff_sign_in/page.html", StaffSignInPage(next=safe_next(request.args.get("next", ""))))


@pages.post("/staff")
def submit() -> ResponseReturnValue:
    """Opens a new session; a one-time password has to be replaced first."""
    values = typed("login", "password", "next")
    form = missing(values, "login", "password")
    if form is None:
        try:
            entered = parts().identity.sign_in(values["login"], values["password"], "staff", client())
        except Problem as problem:
            form = form_of(problem, values)
        else:
            open_session("staff", entered["account"], must_change=bool(entered["must_change"]))
            if entered["must_change"]:
                return forward("staff_password.show")
            target = safe_next(values["next"])
            return redirect(target, 303) if target else forward("today.show")
    return show("staff_sign_in/page.html", StaffSignInPage(form, safe_next(values["next"])), 422)
