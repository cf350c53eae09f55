"""What every page of the gateway uses: who asks, what the process is wired from, how a page is shown."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlsplit

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from services.eventsourcing.ids import new_id
from services.eventsourcing.problems import Problem
from services.eventsourcing.tokens import Caller
from services.gateway.access.rules import VISITOR, Who, children, leads, operates, taught
from services.gateway.backends import SERVICE
from services.gateway.fragments import address
from services.gateway.pages.shared import Current, Place
from services.gateway.parts import EXTENSION, Parts
from services.gateway.sessions.sessions_store import Session

API = "/api/"


def parts() -> Parts:
    """What app.py wired."""
    found: Parts = current_app.extensions[EXTENSION]
    return found


def who() -> Who:
    """Who asks."""
    found: Who = g.get("who", VISITOR)
    return found


def session() -> Session | None:
    """The valid session of the request, of whatever kind."""
    found: Session | None = g.get("session")
    return found


def caller() -> Caller:
    """Who asks, as the services behind the gateway are told."""
    kind = {"family": "portal", "staff": "staff"}.get(who().kind, "service")
    return Caller(kind, who().account, SERVICE)


def client() -> str:
    """The address the request came from, as the trusted proxies say; "" for this machine: that could be anybody."""
    address = request.remote_addr or ""
    return "" if address.startswith("127.") or address == "::1" else address


def family() -> Who:
    """The signed-in family. Others are sent to the door, staff is told that it is the wrong account."""
    return _only("family", "sign_in.show")


def staff() -> Who:
    """The signed-in member of staff whose password is their own; see family."""
    found = _only("staff", "staff_sign_in.show")
    if found.must_change and request.path.startswith(API):
        raise Problem(403, "password-change-needed", "Replace the one-time password first.")
    if found.must_change:
        raise Elsewhere(url_for("staff_password.show"))
    return found


def operator() -> Who:
    """The signed-in operator; for everybody else there is nothing at this address."""
    found = staff()
    if not operates(found):
        raise not_found()
    return found


def anybody() -> Who:
    """Whoever is signed in, even with a one-time password. Raises Problem 401."""
    if who().kind == "visitor":
        raise Problem(401, "not-signed-in", "Sign in first.")
    return who()


def own_child(pupil: str) -> Who:
    """The family, if the diary is linked to it: a foreign one and an unknown one are the same 404."""
    found = family()
    if pupil not in children(found):
        raise not_found()
    return found


def not_found() -> Problem:
    """Nothing here for this account."""
    return Problem(404, "not-found", "There is nothing at this address.")


def correlation() -> str:
    """The id of everything that the request causes."""
    if "correlation" not in g:
        g.correlation = new_id()
    found: str = g.correlation
    return found


class Elsewhere(Exception):
    """Go to another page first."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


def _only(kind: str, door: str) -> Who:
    found = who()
    if found.kind == "visitor":
        if request.path.startswith(API):
            raise Problem(401, "not-signed-in", "Sign in first.")
        here = request.full_path.rstrip("?") if request.method == "GET" else ""
        raise Elsewhere(url_for(door, next=here or None))
    if found.kind != kind:
        raise Problem(403, "forbidden", "This is not allowed for you.")
    return found


def show(template: str, page: Any, status: int = 200) -> ResponseReturnValue:
    """A page; pages about somebody are never stored by browsers."""
    return render_template(template, page=page), status


def forward(endpoint: str, **values: Any) -> Response:
    """See the other page now: after a form was accepted."""
    return redirect(url_for(endpoint, **values), 303)


def safe_next(target: str) -> str:
    """A local address to go on to, or "" when it leads elsewhere."""
    split = urlsplit(target)
    local = target.startswith("/") and not target.startswith(("//", "/\\")) and not split.netloc and not split.scheme
    return target if local and target.isprintable() else ""


def current() -> Current:
    """What the templates know of who is looking."""
    found = who()
    fragment = request.headers.get("X-Fragment") == "main"
    lang: Literal["ru", "en"] = "en" if g.get("lang") == "en" else "ru"
    return Current(found.kind, lang, found.name or None, _places(found), fragment)


def _places(found: Who) -> tuple[Place, ...]:
    if found.kind == "family":
        return _family_places(found)
    if operates(found) and not found.must_change:
        return (Place("console", url_for("console.show")), Place("streams", url_for("console.streams")))
    if found.kind == "staff" and not found.must_change:
        own = (Place("class", address("my_class.mine")),) if has_class(found) else ()
        return (Place("today", address("today.show")), *own)
    return ()


def _family_places(found: Who) -> tuple[Place, ...]:
    diaries = Place("diaries", address("diaries.show"))
    linked = children(found)
    if not linked:
        return (diaries,)
    shown = (request.view_args or {}).get("pupil")
    pupil = shown if shown in linked else next(iter(linked))
    return (
        Place("diary", address("week.show", pupil=pupil)),
        Place("marks", address("marks.show", pupil=pupil)),
        Place("school", address("school.show", pupil=pupil)),
        diaries,
    )


def classes(found: Who) -> list[str]:
    """The classes this teacher is the class teacher of."""
    today = parts().today().isoformat()
    led = [group for group in taught(found, today) if leads(found, group, today)]
    known = parts().views.kept("week", [f"group:{group}" for group in led], 30.0)
    return [group for group in led if known.get(f"group:{group}", {}).get("kind") == "class"]


def has_class(found: Who) -> bool:
    """Is there a class of one's own?"""
    return bool(classes(found))
