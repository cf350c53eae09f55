"""Russian or English: what was chosen, else what the browser prefers, else the installation's language."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, Flask, Response, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_babel import get_locale as babel_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from services.gateway.web import parts, safe_next

LANGUAGES = ("ru", "en")
COOKIE = "lang"
YEAR = 365 * 24 * 3600

pages = Blueprint("language", __name__)


def install(app: Flask) -> None:
    """Choose the language of every request; `?lang=` and the switch are remembered in a cookie."""
    app.config["BABEL_DEFAULT_LOCALE"] = parts_lang(app)
    Babel(app, locale_selector=chosen)

    @app.before_request
    def know_language() -> None:
        g.lang = chosen()

    @app.after_request
    def remember(response: Response) -> Response:
        asked = request.args.get("lang") or g.get("new_lang")
        if asked in LANGUAGES:
            response.set_cookie(COOKIE, asked, YEAR, secure=parts().secure, httponly=True, samesite="Lax")
        if g.get("lang"):
            response.headers.setdefault("Content-Language", g.lang)
        return response


def parts_lang(app: Flask) -> str:
    """The installation's language."""
    lang: str = app.extensions["gateway"].settings.lang
    return lang if lang in LANGUAGES else LANGUAGES[0]


def chosen() -> str:
    """The language of this request."""
    for asked in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return asked
    lang = parts().settings.lang
    return _preferred(request.headers.get("Accept-Language", "")) or (lang if lang in LANGUAGES else LANGUAGES[0])


@lru_cache(maxsize=1_000)
def _preferred(header: str) -> str | None:
    """What a browser's list of languages asks for: there are few different lists."""
    accepted = parse_accept_header(header, LanguageAccept)
    return accepted.best_match(LANGUAGES) if accepted else None


def locale() -> str:
    """For formats of dates and numbers."""
    return str(g.get("lang") or babel_locale() or LANGUAGES[0])


@pages.post("/language")
def choose() -> ResponseReturnValue:
    """The switch at the top of every page."""
    asked = request.form.get("lang", "")
    g.new_lang = asked if asked in LANGUAGES else None
    return redirect(safe_next(_without_lang(request.form.get("next", ""))) or "/", 303)


def _without_lang(target: str) -> str:
    """The same address without `lang`, which would win over the choice just made."""
    path, _, query = target.partition("?")
    kept = [pair for pair in query.split("&") if pair and pair.partition("=")[0] != "lang"]
    return f"{path}?{'&'.join(kept)}" if kept else path
