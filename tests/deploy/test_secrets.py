"""Credentials are made once and belong to their owner."""

import base64
from pathlib import Path

from deploy.local.secrets import Secrets


def test_only_the_owner_can_read_a_secret(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path / "secrets")
    made = [secrets.keyfile, secrets.master_key, secrets.service_secret, secrets.seal_key]
    secrets.passwords()
    assert {path.stat().st_mode & 0o777 for path in secrets.directory.iterdir()} == {0o600}
    assert secrets.directory.stat().st_mode & 0o777 == 0o700
    assert len({path.read_text() for path in made}) == len(made)


def test_the_next_start_finds_the_same_secrets(tmp_path: Path) -> None:
    first, second = Secrets(tmp_path / "secrets"), Secrets(tmp_path / "secrets")
    assert first.passwords() == second.passwords()
    assert first.master_key.read_text() == second.master_key.read_text()


def test_every_user_has_a_password_of_its_own(tmp_path: Path) -> None:
    passwords = Secrets(tmp_path / "secrets").passwords()
    assert len(set(passwords.values())) == len(passwords) == 10


def test_the_master_key_is_32_bytes(tmp_path: Path) -> None:
    assert len(base64.b64decode(Secrets(tmp_path / "secrets").master_key.read_text())) == 32
