"""Links between diaries and portal accounts over HTTP."""

from __future__ import annotations

from flask import Blueprint, Response

from services.diary.diary.commands import RemoveLink
from services.diary.link.schemas import LinkSchema
from services.eventsourcing.problems import Problem
from services.eventsourcing.web import committed, extension, meta, only, read

blueprint = Blueprint("links", __name__)


@blueprint.post("/links")
def link() -> Response:
    """Link the diary that a slip opens with the caller's account."""
    me = only("portal").account
    asked = read(LinkSchema())
    if asked["account"] not in (None, me):
        raise Problem(403, "forbidden", "This is not allowed for you.")
    made = extension("linking").link(me, asked["login"], asked["password"], asked["title"], meta())
    return committed(made.done, pupil=made.pupil, link=made.link)


@blueprint.delete("/links/<pupil>/<link>")
def unlink(pupil: str, link: str) -> Response:
    """Take a link away from the caller's account."""
    me = only("portal").account
    return committed(extension("diary").run(RemoveLink(pupil, me, link), meta()), pupil=pupil, link=link)
