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


AS_OF = (
    "The answer as it was at the end of this day by the school's clock (2026-12-20), or at this moment "
    "(2026-12-20T14:00, with an offset from UTC or by the school's clock). `asof` in the answer then tells what is "
    "different today. Today's access rights count."
)


class PastSchema(Schema):
    """A moment of the past; the present by default."""

    asof = fields.String(load_default=None, validate=Length(max=40), metadata={"description": AS_OF})


class PastDaySchema(PastSchema, DaySchema):
    """A date, seen at any moment."""


class PastTermSchema(PastSchema, TermSchema):
    """A term, seen at any moment."""
