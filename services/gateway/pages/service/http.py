"""The card of a service."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from services.gateway.access.rules import children
from services.gateway.pages.home.catalogue import DIARY
from services.gateway.pages.home.questions import questions
from services.gateway.pages.service.model import ServicePage
from services.gateway.web import not_found, show, who

pages = Blueprint("service", __name__)


@pages.get("/services/<name>", endpoint="show")
def show_service(name: str) -> ResponseReturnValue:
    """The electronic diary is the one service of this portal that is ours."""
    if name != DIARY:
        raise not_found()
    return show("service/page.html", ServicePage(len(children(who())), questions()))
