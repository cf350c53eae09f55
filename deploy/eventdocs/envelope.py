"""The CloudEvents 1.0 envelope of every record, with our extension attributes."""

from __future__ import annotations

from typing import Any

_TEXTS = {
    "id": "`<stream>@<version>`: unique for ever, the same on every repetition",
    "source": "the service that owns the stream, as in `/diary`",
    "subject": "the stream",
    "dataschema": "names the JSON Schema of `data`: urn:school-diary:event:<service>:<type>:<schema>",
    "partitionkey": "the key of the record: the stream's id up to its first dot",
    "actor": "who did it: `<kind>:<account>`, `operator:<name>`, or `system:<policy>`",
    "commandid": "the command that made the commit; unique per service for ever",
    "correlationid": "the request that it belongs to",
    "causationid": "the id of the event that a policy answered",
    "traceparent": "the W3C trace context of the request that made the commit; absent when there was none",
    "about": "ids of the persons the commit is about, separated by commas",
}
_NUMBERS = {
    "streamversion": "the number of the event in its stream, from 1 without a gap",
    "schemaversion": "the number of the schema of `data`",
    "commitnumber": "the number of the commit in its stream; a commit is one command's events",
    "commitlast": "the streamversion of the last event of the same commit",
}
OPTIONAL = ("actor", "commandid", "correlationid", "causationid", "about", "traceparent")

ENVELOPE: dict[str, Any] = {
    "title": "Envelope",
    "description": "CloudEvents 1.0 in structured mode: the record's value is one JSON object.",
    "type": "object",
    "properties": {
        **{name: {"type": "string", "description": text} for name, text in _TEXTS.items()},
        **{name: {"type": "integer", "minimum": 1, "description": text} for name, text in _NUMBERS.items()},
        "type": {"type": "string", "description": "the name of the event; the same for all its schemas"},
        "time": {"type": "string", "format": "date-time", "description": "when it was committed, UTC, microseconds"},
        "specversion": {"type": "string", "const": "1.0"},
        "datacontenttype": {"type": "string", "const": "application/json"},
        "data": {"type": "object", "description": "the event, see the schema of each message"},
    },
}
ENVELOPE["required"] = sorted(set(ENVELOPE["properties"]) - set(OPTIONAL))
