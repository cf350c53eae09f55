"""Signed archives: a zip whose manifest lists every file with its SHA-256, and a signature over the manifest.

Anybody can check one without School Diary; READ-ME.txt inside says how.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from services.eventsourcing.signing import Forged, Signer, Verifier, read_verifier

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
KEY = "public-key.pem"
README = "READ-ME.txt"
AROUND = frozenset({MANIFEST, SIGNATURE, KEY, README})
LARGEST = 200 * 1024 * 1024  # unpacked; more is not one of ours

HOW_TO_CHECK = """\
This archive is signed. To check it without School Diary you need openssl 3 and sha256sum.

1. The signature covers the words "school-diary {kind}", a line feed, and manifest.json as it is:

     base64 -d manifest.sig > signature.bin
     (printf 'school-diary {kind}\\n'; cat manifest.json) > signed.bin
     openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in signed.bin -sigfile signature.bin

   It must say "Signature Verified Successfully".
2. The key is the one of the school that signed: ask the school, or look where it publishes its key. The name of the key is {key}:

     openssl pkey -pubin -in public-key.pem -outform DER | tail -c 32 | sha256sum | cut -c 1-16
3. Every file is as the manifest says: compare `sha256sum FILE` with "sha256" of that file in manifest.json. A file that the
   manifest does not name is not part of the archive.

With School Diary: ./diaryctl person check FILE
"""  # noqa: E501 - lines to copy


class NotGenuine(Exception):
    """The archive is not what was signed; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A genuine archive: what its manifest says, and the key it is signed with."""

    manifest: dict[str, Any]
    key: Verifier


def pack(kind: str, facts: Mapping[str, Any], files: Mapping[str, bytes], signer: Signer) -> bytes:
    """The archive."""
    listed = {name: {"sha256": sha256(content).hexdigest(), "bytes": len(content)} for name, content in files.items()}
    made = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = {"kind": kind, "made": made, "key": signer.verifier.id, **facts, "files": listed}
    statement = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    around = {
        MANIFEST: statement,
        SIGNATURE: signer.sign(kind, statement).encode(),
        KEY: signer.verifier.pem.encode(),
        README: HOW_TO_CHECK.format(kind=kind, key=signer.verifier.id).encode(),
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**around, **files}.items():
            archive.writestr(name, content)
    return packed.getvalue()


def check(path: Path, trusted: Verifier | None = None) -> Checked:
    """Everything HOW_TO_CHECK says, with the key that is given, else with the enclosed one. Raises NotGenuine."""
    try:
        contents = _contents(path)
        manifest = msgspec.json.decode(contents[MANIFEST], type=dict[str, Any])
        key = trusted or read_verifier(contents[KEY])
        key.verify(str(manifest["kind"]), contents[MANIFEST], contents[SIGNATURE].decode())
        listed = {name: str(entry["sha256"]) for name, entry in manifest["files"].items()}
    except Forged as error:
        raise NotGenuine(str(error)) from error
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, OSError) as error:
        raise NotGenuine(f"this is not a signed archive of School Diary ({type(error).__name__}: {error})") from error
    for name in sorted(listed.keys() | contents.keys() - AROUND):
        if name not in contents:
            raise NotGenuine(f"{name} is missing")
        if sha256(contents[name]).hexdigest() != listed.get(name):
            raise NotGenuine(f"{name} is not the file that was signed")
    return Checked(manifest, key)


def _contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len({entry.filename for entry in entries}) != len(entries):
            raise NotGenuine("a file is in it twice")
        if sum(entry.file_size for entry in entries) > LARGEST:
            raise NotGenuine("it is larger than any archive of School Diary")
        return {entry.filename: archive.read(entry) for entry in entries}
