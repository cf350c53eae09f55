"""What registration accepts. Identity checks the rules; here only shapes are looked at."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

TEXT = Length(1, 254)
SECRET = Length(1, 1000)


class AccountSchema(Schema):
    """A new account."""

    last_name = fields.String(required=True, validate=TEXT)
    first_name = fields.String(required=True, validate=TEXT)
    patronymic = fields.String(load_default=None, allow_none=True, validate=TEXT)
    email = fields.String(required=True, validate=TEXT)
    login = fields.String(required=True, validate=TEXT)
    password = fields.String(required=True, validate=SECRET)
    question = fields.String(required=True, validate=TEXT)
    answer = fields.String(required=True, validate=TEXT)
    agreement = fields.String(required=True, validate=TEXT)
    locale = fields.String(load_default="ru", validate=OneOf(["ru", "en"]))


class CodeSchema(Schema):
    """The code from the letter."""

    code = fields.String(required=True, validate=Length(1, 20))
