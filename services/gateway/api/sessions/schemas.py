"""What signing in accepts."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf


class SignInSchema(Schema):
    """Login, password, and at which door: portal for families, staff for the school."""

    login = fields.String(required=True, validate=Length(1, 254))
    password = fields.String(required=True, validate=Length(1, 1000))
    door = fields.String(required=True, validate=OneOf(["portal", "staff"]))


class PasswordSchema(Schema):
    """The present password and the one that replaces it."""

    old = fields.String(required=True, validate=Length(1, 1000))
    new = fields.String(required=True, validate=Length(1, 1000))
