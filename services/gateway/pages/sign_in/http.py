"""The portal's door for families, and the way out for everybody."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from services.eventsourcing.problems import Problem
from services.gateway.access.rules import children, who_is
from services.gateway.errors.localized import form_of
from services.gateway.forms import missing, typed
from services.gateway.pages.sign_in.model import SignInPage
from services.gateway.sessions.http import end_session, open_session
from services.gateway.web import client, forward, parts, safe_next, show, who

pages = Blueprint("sign_in", __name__)
UNCONFIRMED = "email-not-confirmed"


@pages.get("/sign-in", endpoint="show")
def show_form() -> ResponseReturnValue:
    """The form; whoever is in goes on."""
    if who().kind == "family":
        return forward("diaries.show")
    page = SignInPage(next=safe_next(request.args.get("next", "")), confirmed="confirmed" in request.args)
    return show("sign_in/page.html", page)


@pages.post("/sign-in")
def submit() -> ResponseReturnValue:
    """Opens a new session; an unconfirmed account is asked for its code first."""
    values = typed("login", "password", "next")
    form = missing(values, "login", "password")
    if form is None:
        try:
            account = parts().identity.sign_in(values["login"], values["password"], "portal", client())["account"]
        except Problem as problem:
            if problem.code == UNCONFIRMED:
                return _to_code(problem)
            form = form_of(problem, values)
        else:
            open_session("portal", account)
            return _in(account, safe_next(values["next"]))
    return show("sign_in/page.html", SignInPage(form, safe_next(values["next"])), 422)


@pages.post("/sign-out")
def leave() -> ResponseReturnValue:
    """Ends the session on the server; the browser forgets what it stored."""
    door = "staff_sign_in.show" if who().kind == "staff" else "home.show"
    end_session()
    answer = forward(door)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _in(account: str, target: str) -> ResponseReturnValue:
    """To the page that was asked for, else to the only diary, else to all of them."""
    linked = list(children(who_is("portal", account, parts().views.get("access", account))))
    if target:
        return redirect(target, 303)
    if len(linked) == 1:
        return forward("week.show", pupil=linked[0])
    return forward("diaries.show")


def _to_code(problem: Problem) -> ResponseReturnValue:
    account = str(problem.extra["params"]["account"])
    known = parts().views.get("access", account).get("portal", {})
    open_session("pending", account, email=known.get("email") or "", sent=0.0)
    return forward("confirm.show")
