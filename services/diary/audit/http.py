"""Noting a look, over HTTP; the contents are then read from the service that owns them."""

from __future__ import annotations

from flask import Blueprint, Response
from marshmallow import Schema, fields, validate

from services.diary.audit.commands import OpenPayloads
from services.diary.service import Diary
from services.eventsourcing.web import committed, extension, meta, only, read

LONGEST = 300

blueprint = Blueprint("audit", __name__)


class LookSchema(Schema):
    """One of stream and person."""

    service = fields.String(required=True, validate=validate.OneOf(["identity", "diary", "notify"]))
    stream = fields.String(load_default="", validate=validate.Length(max=LONGEST))
    person = fields.String(load_default="", validate=validate.Length(max=LONGEST))
    reason = fields.String(required=True, validate=validate.Length(max=LONGEST))


@blueprint.post("/audit")
def note() -> Response:
    """For operators only."""
    me = only("operator")
    diary: Diary = extension("diary")
    return committed(diary.run(OpenPayloads(operator=me.account or me.service, **read(LookSchema())), meta()), 201)
