"""Knowing who asks: the session cookie of a browser, or the bearer token of an API client."""

from __future__ import annotations

from flask import Flask, Response, g, request

from services.gateway.access.rules import VISITOR, who_is
from services.gateway.sessions.sessions_store import ABSOLUTE, Kind, Session
from services.gateway.web import parts, session

NO_SESSION_NEEDED = ("/static/", "/livez", "/readyz", "/metrics")


def install(app: Flask) -> None:
    """Find the session of every request; write the cookie of those that were opened or ended."""

    @app.before_request
    def know_who() -> None:
        g.who, g.session, g.by_cookie = VISITOR, None, False
        if request.path.startswith(NO_SESSION_NEEDED):
            return
        token = bearer() if request.path.startswith("/api/") else ""
        g.by_cookie = not token and cookie_name() in request.cookies
        token = token or request.cookies.get(cookie_name(), "")
        found = parts().sessions.find(token)
        if found is not None:
            _enter(found)

    @app.after_request
    def write_cookie(response: Response) -> Response:
        token = g.get("new_token")
        if token is not None:
            kind: Kind = g.new_kind
            age = None if kind == "staff" else int(ABSOLUTE[kind].total_seconds())
            secure = parts().secure
            response.set_cookie(cookie_name(), token, age, secure=secure, httponly=True, samesite="Lax")
        elif g.get("leaving"):
            response.delete_cookie(cookie_name(), secure=parts().secure, httponly=True, samesite="Lax")
        return response


def open_session(kind: Kind, account: str, *, must_change: bool = False, **notes: object) -> None:
    """Give the browser a new session, ending the one it had."""
    before = session()
    if before is not None:
        parts().sessions.end(before.id)
    g.new_token = parts().sessions.open(kind, account, must_change=must_change, **notes)
    g.new_kind = kind


def end_session() -> None:
    """End the browser's session on the server and in the browser."""
    found = session()
    if found is not None:
        parts().sessions.end(found.id)
    g.leaving = True


def cookie_name() -> str:
    """Browsers take `__Host-` cookies only from secure pages."""
    return "__Host-session" if parts().secure else "session"


def bearer() -> str:
    """The token an API client sent."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme == "Bearer" else ""


def _enter(found: Session) -> None:
    g.session = found
    if found.kind != "pending":
        views = parts().views
        g.beat = views.changes.beat  # finding the session has looked at the changes
        access = views.kept("access", [found.account]).get(found.account, {})
        g.who = who_is(found.kind, found.account, access, must_change=found.must_change)
