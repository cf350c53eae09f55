"""JSON Schema 2020-12 of an event's data as it is on the wire: personal fields are sealed."""

from __future__ import annotations

from typing import Any

import msgspec

from deploy.eventdocs.catalogs import stream_of
from services.eventsourcing.message import Personal, schema_uri
from services.eventsourcing.registry import EventType

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
BASE64 = {"type": "string", "contentEncoding": "base64"}
SEALED: Json = {
    "title": "Sealed",
    "description": "A personal value, AES-256-GCM. It opens with the key of the person until that key is destroyed.",
    "type": "object",
    "properties": {
        "$sealed": {
            "type": "object",
            "properties": {
                "s": {"type": "string", "description": "whose key: <person>/<kind of key>"},
                "k": {"type": "integer", "description": "number of the key"},
                "n": {**BASE64, "description": "nonce, 12 bytes"},
                "c": {**BASE64, "description": "cipher text with tag; bound to <stream>@<version>/<field>"},
            },
            "required": ["s", "k", "n", "c"],
            "additionalProperties": False,
        }
    },
    "required": ["$sealed"],
    "additionalProperties": False,
}


def schema_of(service: str, entry: EventType) -> Json:
    """The schema of one event. Fields that a later version of the same schema adds are allowed."""
    (whole,), parts = msgspec.json.schema_components([entry.cls], ref_template="#/$defs/{name}")
    own = parts.pop(whole["$ref"].rpartition("/")[2])
    properties = dict(own["properties"])
    for field, mark in entry.personal.items():
        properties[field] = _personal(mark)
    if entry.personal:
        parts["Sealed"] = SEALED
    return {
        "$schema": DIALECT,
        "$id": schema_uri(service, entry.name, entry.schema),
        "title": entry.name,
        "description": own.get("description", ""),
        "x-service": service,
        "x-stream": stream_of(entry),
        "x-about": list(entry.about),
        "type": "object",
        "properties": properties,
        "required": own.get("required", []),
        **({"$defs": dict(sorted(parts.items()))} if parts else {}),
    }


def _personal(mark: Personal) -> Json:
    return {
        "description": f"Personal, sealed with the {mark.kind} key of the person in `{mark.of}`.",
        "x-personal": {"of": mark.of, "key": mark.kind},
        "anyOf": [{"$ref": "#/$defs/Sealed"}, {"type": "null"}],
    }
