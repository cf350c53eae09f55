"""The gallery of pieces, for developers; not there when the portal is served over https."""

from __future__ import annotations

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from services.gateway.pages.gallery.samples import sample
from services.gateway.web import not_found, parts, show

pages = Blueprint("gallery", __name__)


@pages.get("/gallery", endpoint="show")
def show_gallery() -> ResponseReturnValue:
    """Every piece in every state."""
    if parts().secure:
        raise not_found()
    return show("gallery/page.html", sample(g.lang))
