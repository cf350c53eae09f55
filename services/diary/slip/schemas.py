"""What may be sent to get slips."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from services.diary.slip.words import WORDS

MOST_PUPILS = 100


class SlipsSchema(Schema):
    """pupils: for whom; nobody means the whole class. lang: of the paper; the installation's when left out."""

    pupils = fields.List(fields.String(validate=Length(1, 64)), validate=Length(max=MOST_PUPILS), load_default=list)
    lang = fields.String(validate=OneOf(list(WORDS)), load_default=None, allow_none=True)
