"""A signed archive is genuine as it was made, and nothing else is."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.diaryctl.person.archive import MANIFEST, README, NotGenuine, check, pack
from services.eventsourcing.signing import Signer

SIGNER = Signer(Ed25519PrivateKey.generate())
FILES = {"diary.json": b"{}", "diary.html": "<p>Дневник</p>".encode()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "diary.zip"
    made.write_bytes(pack("portable-diary", {"person": "p"}, FILES, SIGNER))
    return made


def changed(path: Path, name: str, content: bytes | None) -> Path:
    """The archive with one file changed, added, or taken out."""
    with zipfile.ZipFile(path) as archive:
        contents = {entry: archive.read(entry) for entry in archive.namelist() if entry != name}
    with zipfile.ZipFile(path, "w") as archive:
        for entry, kept in contents.items():
            archive.writestr(entry, kept)
        if content is not None:
            archive.writestr(name, content)
    return path


def test_it_is_genuine_by_the_enclosed_key_and_by_the_school_s(path: Path) -> None:
    assert check(path).manifest["person"] == "p"
    assert check(path, SIGNER.verifier).key.id == SIGNER.verifier.id


def test_another_key_is_not_the_school_s(path: Path) -> None:
    with pytest.raises(NotGenuine):
        check(path, Signer(Ed25519PrivateKey.generate()).verifier)


@pytest.mark.parametrize(
    ("name", "content"),
    [("diary.json", b'{"mark": 5}'), ("diary.html", None), ("more.html", b"x"), (MANIFEST, b"{}"), (MANIFEST, None)],
)
def test_a_changed_missing_or_added_file_is_noticed(path: Path, name: str, content: bytes | None) -> None:
    with pytest.raises(NotGenuine):
        check(changed(path, name, content))


def test_what_is_no_archive_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"no zip")
    with pytest.raises(NotGenuine):
        check(tmp_path / "x")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here to be an outsider with")
def test_an_outsider_checks_it_as_the_enclosed_page_says(path: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
        steps = archive.read(README).decode()
    commands = [line.strip() for line in steps.splitlines() if line.startswith("     ")]
    done = subprocess.run(
        ["bash", "-ec", "\n".join(commands)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == ["Signature Verified Successfully", SIGNER.verifier.id], done.stderr
