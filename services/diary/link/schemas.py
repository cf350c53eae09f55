"""What may be sent to link a diary."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length

from services.diary.text import Text

LONGEST_TYPED = 128


class LinkSchema(Schema):
    """Login and password as typed; title is what the family calls the diary."""

    login = fields.String(validate=Length(1, LONGEST_TYPED), required=True)
    password = fields.String(validate=Length(1, LONGEST_TYPED), required=True)
    account = fields.String(validate=Length(1, 64), load_default=None)
    title = Text(60, shortest=1, required=True)
