"""What a family may send and ask."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length


class LinkSchema(Schema):
    """The slip's login and password, and what the account calls the diary."""

    login = fields.String(required=True, validate=Length(1, 128))
    password = fields.String(required=True, validate=Length(1, 128))
    title = fields.String(required=True, validate=Length(1, 60))


class DaySchema(Schema):
    """A date; today's by default."""

    date = fields.Date(format="iso", load_default=None)


class TermSchema(Schema):
    """A term of the school; the present one by default."""

    term = fields.String(load_default=None, validate=Length(1, 64))
