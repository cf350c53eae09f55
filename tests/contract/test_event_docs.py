"""What is published about events is true: documents, schemas, samples and the records on the wire agree."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker

from deploy.eventdocs import __main__ as command
from deploy.eventdocs.catalogs import name_of, registries, stream_of
from deploy.eventdocs.envelope import ENVELOPE, OPTIONAL
from deploy.eventdocs.files import DOCS, ROOT, SAMPLES, differing, documents, write
from services.eventsourcing.message import CloudEvent, Recorded, to_wire
from services.eventsourcing.registry import EventType, encode
from services.eventsourcing.vault import MemoryKeyRing, Vault, is_sealed

SPECIFICATIONS = ROOT.parent / "shared" / "data" / "specs"
ENTRIES = [(registry, entry) for registry in registries() for entry in registry]
SAMPLE_FILES = sorted(SAMPLES.glob("*.json"))
every_event = pytest.mark.parametrize(
    ("service", "entry"), [pytest.param(registry.service, entry, id=entry.name) for registry, entry in ENTRIES]
)


@cache
def specification(path: str) -> dict[str, Any]:
    file = SPECIFICATIONS / path
    if not file.exists():
        pytest.skip(f"the specification {path} is not beside the repository, in shared/data/specs")
    return json.loads(file.read_text())


def published(path: str) -> dict[str, Any]:
    return json.loads((DOCS / path).read_text())


def sample(entry: EventType) -> dict[str, Any]:
    return json.loads((SAMPLES / f"{name_of(entry)}.json").read_text())["data"]


def wire(service: str, entry: EventType) -> dict[str, Any]:
    """The sample as it would stand on the log."""
    data = Vault(MemoryKeyRing()).sealed("stream-1", 1, sample(entry), entry.personal)
    event = Recorded("stream-1", 1, entry.name, entry.schema, data, "2026-11-24T08:30:00.000000Z", 1, 1)
    return json.loads(to_wire(event, f"/{service}"))


def test_the_committed_files_are_those_the_code_generates() -> None:
    assert differing(DOCS, documents(registries()), registries()) == []
    assert {name_of(entry) for _, entry in ENTRIES} <= {path.stem for path in SAMPLE_FILES}


def test_generating_twice_gives_the_same_bytes() -> None:
    script = "from deploy.eventdocs import files, catalogs; print(files.documents(catalogs.registries()))"
    outputs = [
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]


def test_a_check_names_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, documents(registries()))
    monkeypatch.setattr(command, "DOCS", tmp_path)
    assert command.main(["--check"]) == 0
    (tmp_path / "asyncapi.json").write_text("{}")
    assert command.main(["--check"]) == 1
    assert "asyncapi.json" in capsys.readouterr().err
    (tmp_path / "schemas" / "NeverHappened.1.json").write_text("{}")
    assert command.main(["--check"]) == 1
    assert "NeverHappened" in capsys.readouterr().err


def test_the_document_is_asyncapi() -> None:
    validator = Draft7Validator(specification("asyncapi/asyncapi-3.0.0.schema.json"))
    errors = [
        f"{list(error.path)}: {error.message[:200]}" for error in validator.iter_errors(published("asyncapi.json"))
    ]
    assert errors == []


def test_every_reference_of_the_document_leads_somewhere() -> None:
    text = (DOCS / "asyncapi.json").read_text()
    document = json.loads(text)
    for reference in re.findall(r'"\$ref": "([^"]+)"', text):
        if reference.startswith("./"):
            assert (DOCS / reference).exists(), reference
        else:
            place: Any = document
            for step in reference.removeprefix("#/").split("/"):
                place = place[step]


@every_event
def test_a_record_is_a_cloudevent(service: str, entry: EventType) -> None:
    validator = Draft7Validator(specification("cloudevents/cloudevents.json"), format_checker=FormatChecker())
    record = wire(service, entry)
    validator.validate(record)
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in record), "attribute names of CloudEvents 1.0"
    assert re.fullmatch(r"[a-z]+:\S+", record["dataschema"]), "an absolute URI"


@every_event
def test_a_record_is_what_the_published_schemas_say(service: str, entry: EventType) -> None:
    schema = published(f"schemas/{name_of(entry)}.json")
    Draft202012Validator.check_schema(schema)
    record = wire(service, entry)
    Draft202012Validator(ENVELOPE).validate(record)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(record["data"])
    assert record["dataschema"] == schema["$id"]


@every_event
def test_a_personal_value_in_clear_breaks_the_schema(service: str, entry: EventType) -> None:
    validator = Draft202012Validator(published(f"schemas/{name_of(entry)}.json"))
    record = wire(service, entry)
    for field in entry.personal:
        assert is_sealed(record["data"][field])
        assert not validator.is_valid({**record["data"], field: "in clear"})
        assert validator.is_valid({**record["data"], field: None})


def test_the_envelope_describes_every_attribute() -> None:
    fields = {field.name: field for field in msgspec.structs.fields(CloudEvent)}
    assert set(ENVELOPE["properties"]) == set(fields)
    assert {name for name in OPTIONAL if not fields[name].default} == set(OPTIONAL)
    table = re.findall(r"^\| (`.*?) \|", (DOCS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = {name for row in table for name in re.findall(r"`([a-z]+)`", row)}
    assert set(ENVELOPE["properties"]) - told == {"data", "specversion", "datacontenttype"}


@every_event
def test_the_example_of_the_document_is_valid(service: str, entry: EventType) -> None:
    example = published("asyncapi.json")["components"]["messages"][entry.name]["examples"][0]["payload"]
    assert (example["source"], example["subject"].partition("-")[0]) == (
        f"/{service}",
        stream_of(entry).partition("-")[0],
    )
    Draft202012Validator(published(f"schemas/{name_of(entry)}.json")).validate(example["data"])


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.stem)
def test_a_stored_event_is_readable_for_ever(path: Path) -> None:
    stored = json.loads(path.read_text())
    assert path.stem == f"{stored['type']}.{stored['schema']}"
    registry = next(registry for registry, entry in ENTRIES if entry.name == stored["type"])
    event = registry.decode(stored["type"], stored["schema"], stored["data"])
    if stored["schema"] == registry.named(stored["type"]).schema:
        again = msgspec.json.decode(msgspec.json.encode(encode(event)))
        assert {name: again[name] for name in stored["data"]} == stored["data"]
