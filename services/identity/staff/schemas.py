"""What the operator's addresses accept."""

from marshmallow import Schema, fields, validate

MOST = 200  # a hash each


class PersonsSchema(Schema):
    """Members of staff by their person ids."""

    persons = fields.List(
        fields.String(validate=validate.Length(min=1, max=64)), required=True, validate=validate.Length(min=1, max=MOST)
    )
