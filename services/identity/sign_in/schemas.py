"""What the doors accept."""

from marshmallow import Schema, fields, validate

LONGEST_TEXT = 1000


class SignInSchema(Schema):
    """door says which of the two pages was used."""

    login = fields.String(required=True, validate=validate.Length(min=1, max=254))
    password = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_TEXT))
    door = fields.String(required=True, validate=validate.OneOf(["portal", "staff"]))
