"""Against forged requests and injected content: tokens, origin, policy headers."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from services.eventsourcing.problems import Problem
from services.gateway.web import parts, session

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
TOKEN_BYTES = 16
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Check every request that changes something; harden every answer."""

    @app.before_request
    def check_forgery() -> None:
        if request.method in CHANGING and (g.by_cookie or not request.path.startswith("/api/")):
            _check_origin()
            _check_token()

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.extend(HEADERS)
        if parts().secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
        if not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
            response.headers["Vary"] = "Cookie, Accept-Language"
        if (value := g.get("new_csrf")) is not None:
            secure = parts().secure
            response.set_cookie(_cookie(), value, secure=secure, httponly=True, samesite="Lax")
        return response

    app.jinja_env.globals["csrf_token"] = csrf_token


def csrf_key(secret: str) -> bytes:
    """The key of all form tokens, derived from the installation's secret."""
    return hashlib.sha256(f"csrf\x1f{secret}".encode()).digest()


def csrf_token() -> str:
    """The token a form carries: bound to a cookie of this browser and to its session."""
    if "csrf_token" not in g:
        g.csrf_token = _fresh_token()
    return str(g.csrf_token)


def _fresh_token() -> str:
    value = request.cookies.get(_cookie()) or g.get("new_csrf")
    if not value:
        value = g.new_csrf = secrets.token_urlsafe(TOKEN_BYTES)
    return _token(value)


def _token(value: str) -> str:
    found = session()
    return hmac.digest(parts().csrf_key, f"{value}\x1f{found.id if found else ''}".encode(), "sha256").hex()


def _check_origin() -> None:
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    ours = {request.host, urlsplit(parts().settings.portal_url).netloc}
    if site not in ("same-origin", "none") or (origin is not None and urlsplit(origin).netloc not in ours):
        raise _forged()


def _check_token() -> None:
    value = request.cookies.get(_cookie(), "")
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not value or not hmac.compare_digest(sent.encode(), _token(value).encode()):
        raise _forged()


def _forged() -> Problem:
    return Problem(400, "bad-csrf", "The page is out of date. Load it again and repeat.")


def _cookie() -> str:
    return "__Host-csrf" if parts().secure else "csrf"
