"""What may be sent about a lesson."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema
from marshmallow.validate import Length, OneOf, Range
from msgspec import UNSET

from services.diary.lesson.commands import Entry, Was, Work
from services.diary.text import Text

WORK_KINDS = ("lesson", "test", "quiz", "exam", "homework")
ATTENDANCE = ("absent", "excused", "ill", "late")
MOST_ENTRIES = 100
LONGEST_MARK = 3
HEAVIEST = 10


def _mark() -> fields.String:
    return fields.String(validate=Length(min=1, max=LONGEST_MARK), allow_none=True)


def _attendance() -> fields.String:
    return fields.String(validate=OneOf(ATTENDANCE), allow_none=True)


class WasSchema(Schema):
    """What the sender saw."""

    mark = _mark()
    attendance = _attendance()

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> Was:
        """As the command has it."""
        return Was(data.get("mark", UNSET), data.get("attendance", UNSET))


class EntrySchema(Schema):
    """One pupil's cell; what is left out stays, null takes away."""

    pupil = Text(64, shortest=1, required=True)
    mark = _mark()
    attendance = _attendance()
    comment = Text(500, allow_none=True)
    reason = Text(200, allow_none=True)
    was = fields.Nested(WasSchema, allow_none=True)

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> Entry:
        """As the command has it."""
        comment = data.get("comment", UNSET)
        return Entry(
            data["pupil"],
            data.get("mark", UNSET),
            data.get("attendance", UNSET),
            comment if comment is UNSET else comment or None,
            data.get("reason") or "",
            data.get("was"),
        )


class HomeworkSchema(Schema):
    """Without `due` it is for the next lesson."""

    text = Text(4000, shortest=1, required=True)
    due = fields.Date(format="iso", allow_none=True, load_default=None)


class WorkSchema(Schema):
    """What the marks are for."""

    kind = fields.String(validate=OneOf(WORK_KINDS), required=True)
    title = Text(200, allow_none=True, load_default=None)
    weight = fields.Integer(strict=True, validate=Range(1, HEAVIEST), load_default=1)

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> Work:
        """As the command has it."""
        return Work(data["kind"], data["title"] or None, data["weight"])


class LessonSchema(Schema):
    """The whole request; everything is optional."""

    topic = Text(500, allow_none=True)
    homework = fields.Nested(HomeworkSchema, allow_none=True)
    work = fields.Nested(WorkSchema)
    entries = fields.List(fields.Nested(EntrySchema), validate=Length(max=MOST_ENTRIES), load_default=list)

    @validates_schema
    def each_pupil_once(self, data: dict[str, Any], **_: Any) -> None:
        """Two entries for one cell would contradict each other."""
        pupils = [entry.pupil for entry in data["entries"]]
        if len(pupils) != len(set(pupils)):
            raise ValidationError("Each pupil may be named once.", "entries")
