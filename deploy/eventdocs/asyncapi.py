"""The AsyncAPI 3.0 document."""

from __future__ import annotations

from typing import Any

from deploy.eventdocs.catalogs import name_of, stream_of
from deploy.eventdocs.envelope import ENVELOPE
from deploy.eventdocs.guarantees import GUARANTEES
from deploy.eventdocs.samples import wire_example
from services.eventsourcing.registry import EventType, Registry
from services.eventsourcing.settings import TOPIC_PARTITIONS

Json = dict[str, Any]

MEDIA_TYPE = "application/cloudevents+json"
TEXTS = {
    "identity": "Portal and staff accounts.",
    "diary": "Schools, people, groups, timetables, lessons with marks and attendance, diaries and who follows them.",
    "notify": "What became of messages to people.",
}


def document(registries: list[Registry]) -> Json:
    """The whole document, the same for the same registries."""
    entries = [(registry.service, entry) for registry in registries for entry in registry]
    return {
        "asyncapi": "3.0.0",
        "id": "urn:school-diary:events",
        "info": {"title": "School Diary events", "version": "1.0.0", "description": GUARANTEES},
        "defaultContentType": MEDIA_TYPE,
        "channels": {_topic(registry): _channel(registry) for registry in registries},
        "operations": {f"write-{_topic(registry)}": _operation(registry) for registry in registries},
        "components": {
            "schemas": {"Envelope": ENVELOPE},
            "messages": {entry.name: _message(service, entry) for service, entry in entries},
        },
    }


def _topic(registry: Registry) -> str:
    return f"{registry.service}.events"


def _channel(registry: Registry) -> Json:
    topic = _topic(registry)
    configuration = {"cleanup.policy": ["delete"], "retention.ms": -1, "retention.bytes": -1}
    return {
        "address": topic,
        "description": TEXTS[registry.service],
        "messages": {entry.name: {"$ref": f"#/components/messages/{entry.name}"} for entry in registry},
        "bindings": {
            "kafka": {
                "topic": topic,
                "partitions": TOPIC_PARTITIONS[topic],
                "topicConfiguration": configuration,
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operation(registry: Registry) -> Json:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{_topic(registry)}"},
        "summary": f"The service {registry.service} alone writes this topic; everybody may read it.",
    }


def _message(service: str, entry: EventType) -> Json:
    own = {
        "type": "object",
        "properties": {
            "type": {"type": "string", "const": entry.name},
            "schemaversion": {"type": "integer", "const": entry.schema},
            "data": {"$ref": f"./schemas/{name_of(entry)}.json"},
        },
    }
    return {
        "name": entry.name,
        "title": entry.name,
        "description": f"{_text(entry)}\n\nStream `{stream_of(entry)}`, schema {entry.schema}.",
        "contentType": MEDIA_TYPE,
        "payload": {"allOf": [{"$ref": "#/components/schemas/Envelope"}, own]},
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": "0.5.0"}},
        "examples": [{"name": entry.name, "payload": wire_example(service, entry)}],
    }


def _text(entry: EventType) -> str:
    return " ".join((entry.cls.__doc__ or "").split())
