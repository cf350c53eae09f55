"""What staff may send. The diary checks values against the school; here only shapes are looked at."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range

ID = Length(1, 64)


class SeenCellSchema(Schema):
    """What the sender saw in the cell."""

    mark = fields.String(allow_none=True, validate=Length(1, 3))
    attendance = fields.String(allow_none=True, validate=Length(1, 20))


class EntrySchema(Schema):
    """One pupil's cell: what is left out stays, null takes away."""

    pupil = fields.String(required=True, validate=ID)
    mark = fields.String(allow_none=True, validate=Length(1, 3))
    attendance = fields.String(allow_none=True, validate=Length(1, 20))
    comment = fields.String(allow_none=True, validate=Length(max=500))
    reason = fields.String(allow_none=True, validate=Length(max=200))
    was = fields.Nested(SeenCellSchema, allow_none=True)


class SetHomeworkSchema(Schema):
    """Without `due` it is for the next lesson."""

    text = fields.String(required=True, validate=Length(1, 4000))
    due = fields.String(allow_none=True, validate=Length(10, 10))


class WorkSchema(Schema):
    """What the marks of the lesson are for."""

    kind = fields.String(required=True, validate=Length(1, 20))
    title = fields.String(allow_none=True, validate=Length(max=200))
    weight = fields.Integer(strict=True, validate=Range(1, 10))


class WriteLessonSchema(Schema):
    """Everything is optional."""

    topic = fields.String(allow_none=True, validate=Length(max=500))
    homework = fields.Nested(SetHomeworkSchema, allow_none=True)
    work = fields.Nested(WorkSchema)
    entries = fields.List(fields.Nested(EntrySchema), validate=Length(max=100))


class SlipsSchema(Schema):
    """For whom; nobody means the whole class."""

    pupils = fields.List(fields.String(validate=ID), validate=Length(max=100), load_default=list)
