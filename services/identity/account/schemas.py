"""What the account's addresses accept."""

from typing import Any

from marshmallow import Schema, fields, pre_load, validate

LONGEST_TEXT = 1000  # what is longer is no password anybody typed; the password's own rule is stricter
NAME = [validate.Length(min=1, max=60), validate.Regexp(r"^[^\x00-\x1f<>]+$", error="This is not a name.")]


class RegistrationSchema(Schema):
    """The registration form."""

    last_name = fields.String(required=True, validate=NAME)
    first_name = fields.String(required=True, validate=NAME)
    patronymic = fields.String(load_default=None, allow_none=True, validate=NAME)
    email = fields.String(required=True, validate=validate.Length(min=3, max=254))
    login = fields.String(required=True, validate=validate.Length(min=1, max=254))
    password = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_TEXT))
    question = fields.String(required=True, validate=validate.Length(min=1, max=200))
    answer = fields.String(required=True, validate=validate.Length(min=1, max=200))
    agreement = fields.String(required=True, validate=validate.Length(min=1, max=40))
    locale = fields.String(load_default="ru", validate=validate.OneOf(["ru", "en"]))

    @pre_load
    def tidy(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Spaces around a value were not meant, except in a password; an empty patronymic is none."""
        tidied = {k: v.strip() if isinstance(v, str) and k != "password" else v for k, v in data.items()}
        if tidied.get("patronymic") == "":
            tidied["patronymic"] = None
        return tidied


class CodeSchema(Schema):
    """The digits from a letter, with or without spaces."""

    code = fields.String(required=True, validate=validate.Regexp(r"^(\s*\d){6}\s*$", error="Six digits."))
