"""The agreement."""

from __future__ import annotations

from datetime import date

from flask import Blueprint
from flask.typing import ResponseReturnValue

from services.gateway.pages.agreement.model import AgreementPage
from services.gateway.web import show

pages = Blueprint("agreement", __name__)
IN_FORCE = AgreementPage("1", date(2026, 9, 1))


@pages.get("/agreement", endpoint="show")
def show_agreement() -> ResponseReturnValue:
    """The text in force."""
    return show("agreement/page.html", IN_FORCE)
