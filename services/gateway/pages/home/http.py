"""The portal's first page: catalogue and search."""

from __future__ import annotations

from typing import get_args

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from services.gateway.pages.home.catalogue import cards, in_section
from services.gateway.pages.home.model import HomePage, Section
from services.gateway.pages.home.questions import questions
from services.gateway.pages.home.search import search
from services.gateway.rates_store import SEARCH
from services.gateway.web import client, parts, show

pages = Blueprint("home", __name__)
LONGEST_QUERY = 100


@pages.get("/", endpoint="show")
def show_home() -> ResponseReturnValue:
    """A section of the catalogue, or what was searched for."""
    asked = request.args.get("section", "popular")
    section: Section = asked if asked in get_args(Section) else "popular"  # type: ignore[assignment]
    query = request.args.get("q", "").strip()[:LONGEST_QUERY]
    if not query:
        return show("home/page.html", HomePage(section, services=in_section(section), questions=questions()))
    if client():
        parts().rates.spend(SEARCH, client())
    known = cards()
    found, shown_for = search(query, [f"{card.service.title} {card.words}" for card in known])
    services = tuple(known[place].service for place in found)
    return show("home/page.html", HomePage(section, query, shown_for, services))
