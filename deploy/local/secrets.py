"""Credentials of one instance: made by chance at the first start, readable by their owner only."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from deploy.local.mongo_users import users

PRIVATE_FILE = 0o600
PRIVATE_DIRECTORY = 0o700


class Secrets:
    """Files in one private directory; what exists is never changed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @property
    def keyfile(self) -> Path:
        """Shared by the members of the replica set."""
        return self._file("mongo.key", lambda: base64.b64encode(secrets.token_bytes(72)).decode())

    @property
    def master_key(self) -> Path:
        """Wraps the keys of all persons: whoever loses this file loses all names."""
        return self._file("master.key", lambda: base64.b64encode(secrets.token_bytes(32)).decode())

    @property
    def service_secret(self) -> Path:
        """Signs the tokens that services show to each other."""
        return self._file("service.secret", lambda: base64.b64encode(secrets.token_bytes(32)).decode())

    @property
    def seal_key(self) -> Path:
        """Signs seals, receipts and manifests; its public half is for everybody."""
        return self._file("seal.key", lambda: base64.b64encode(secrets.token_bytes(32)).decode())

    def password(self, user: str) -> str:
        """Password of a database user."""
        return self._file(f"mongo-{user}.password", lambda: secrets.token_urlsafe(24)).read_text()

    def passwords(self) -> dict[str, str]:
        """Passwords of all database users but the administrator."""
        return {user: self.password(user) for user in users()}

    def _file(self, name: str, make: Callable[[], str]) -> Path:
        path = self.directory / name
        if not path.exists():
            self.directory.mkdir(parents=True, exist_ok=True, mode=PRIVATE_DIRECTORY)
            partial = self.directory / f"{name}.new"
            partial.unlink(missing_ok=True)
            with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "w") as file:
                file.write(make())
            partial.rename(path)
        return path
