"""What the change of a password accepts."""

from marshmallow import Schema, fields, validate

LONGEST_TEXT = 1000


class PasswordChangeSchema(Schema):
    """The present password and the one that replaces it."""

    old = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_TEXT))
    new = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_TEXT))
