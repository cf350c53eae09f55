"""The generated files: what they should hold, writing them, comparing them."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from pathlib import Path
from typing import Any

from deploy.eventdocs.asyncapi import document
from deploy.eventdocs.catalogs import name_of
from deploy.eventdocs.samples import sample
from deploy.eventdocs.schemas import schema_of
from services.eventsourcing.registry import Registry

Json = dict[str, Any]

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "events"
SCHEMAS = "schemas"
SAMPLES = ROOT / "tests" / "contract" / "samples"


def documents(registries: list[Registry]) -> dict[str, str]:
    """Path below docs/events -> content. Deterministic."""
    made = {"asyncapi.json": _text(document(registries))}
    for registry in registries:
        for entry in registry:
            made[f"{SCHEMAS}/{name_of(entry)}.json"] = _text(schema_of(registry.service, entry))
    return made


def samples(registries: list[Registry]) -> dict[str, str]:
    """Path below tests/contract/samples -> content, for the newest schema of each event."""
    return {f"{name_of(entry)}.json": _text(sample(entry)) for registry in registries for entry in registry}


def write(folder: Path, files: dict[str, str]) -> None:
    """Make the files what they should be. Schemas of earlier numbers stay: events with them are on the log for ever."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")


def missing(folder: Path, files: dict[str, str]) -> dict[str, str]:
    """The files that do not exist yet."""
    return {path: content for path, content in files.items() if not (folder / path).exists()}


def differing(folder: Path, files: dict[str, str], registries: list[Registry]) -> list[str]:
    """The files that are not what they should be, and those that nothing generates."""
    changed = [path for path, content in files.items() if _read(folder / path) != content]
    found = {str(path.relative_to(folder)) for path in (folder / SCHEMAS).glob("*.json")}
    older = {
        f"{SCHEMAS}/{entry.name}.{number}.json"
        for registry in registries
        for entry in registry
        for number in range(1, entry.schema)
    }
    return sorted([*changed, *(found - files.keys() - older)])


def published(folder: Path) -> dict[str, Json]:
    """The schemas below a folder like docs/events, by `<event>.<number>`."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (folder / SCHEMAS).glob("*.json")}


def published_at(repository: Path, revision: str) -> dict[str, Json]:
    """The schemas as a revision of git has them. Raises CalledProcessError when there is no such revision."""
    place = f"docs/events/{SCHEMAS}"
    packed = subprocess.run(["git", "archive", revision, place], cwd=repository, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        files = [(Path(member.name).stem, archive.extractfile(member)) for member in archive if member.isfile()]
        return {stem: json.load(file) for stem, file in files if file is not None}


def unsampled(docs: Path, folder: Path, registries: list[Registry]) -> list[str]:
    """Every schema that ever was, published or known to the code, whose sample or schema is not there."""
    ever = {
        f"{entry.name}.{number}"
        for registry in registries
        for entry in registry
        for number in range(1, entry.schema + 1)
    } | set(published(docs))
    sampled = {path.stem for path in folder.glob("*.json")}
    return sorted(
        [f"{SCHEMAS}/{name}.json" for name in ever - set(published(docs))]
        + [f"samples/{name}.json" for name in ever - sampled]
    )


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
