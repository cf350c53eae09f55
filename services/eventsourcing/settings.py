"""One frozen object of settings per process, read from the environment once; secrets come from files."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.eventsourcing.signing import Signer

READ: Mapping[str, Callable[[str], object]] = {"str": str, "int": int, "float": float, "Path": Path}
TOPIC_PARTITIONS = {"identity.events": 4, "diary.events": 8, "notify.events": 4}


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """Everything a process of a service needs to know. Names in the environment: SD_<FIELD>."""

    service: str
    mongo_url: str
    vault_url: str
    kafka: str
    master_key_file: Path
    service_secret_file: Path
    seal_key_file: Path = Path()  # only who seals the store has it
    bind: str = "127.0.0.1:0"
    ops_bind: str = ""  # where the process answers operators (/livez, /readyz, /metrics); nowhere when empty
    database: str = ""
    vault_database: str = "sd_vault"
    topic_prefix: str = ""
    identity_url: str = "http://127.0.0.1:7101"
    diary_url: str = "http://127.0.0.1:7102"
    notify_url: str = "http://127.0.0.1:7103"
    ops_urls: str = ""  # where workers tell how they stand: service=url,service=url
    portal_url: str = "http://127.0.0.1:7100"
    smtp: str = "127.0.0.1:7125"
    mail_from: str = "diary@school.example"
    lang: str = "ru"
    timezone: str = "Europe/Moscow"
    patience: float = 30.0  # seconds for one operation of the database
    trusted_proxies: int = 0  # so many proxies stand before the public door and say who the client is

    @classmethod
    def from_env(cls, service: str, env: Mapping[str, str] = os.environ) -> Settings:
        """The settings of `service`. Raises LookupError naming the first variable that is missing or no number."""
        values: dict[str, object] = {"service": service, "database": f"sd_{service}"}
        for entry in fields(cls):
            text = env.get(f"SD_{entry.name.upper()}")
            if text is not None:
                values[entry.name] = _read(str(entry.type), f"SD_{entry.name.upper()}", text)
        for name in ("mongo_url", "vault_url", "kafka", "master_key_file", "service_secret_file"):
            if name not in values:
                raise LookupError(f"SD_{name.upper()} is not set; `make run` sets it, see docs/guides/operators.md")
        return cls(**values)  # type: ignore[arg-type]

    @property
    def master_key(self) -> bytes:
        """The key that wraps all keys of the vault."""
        return _read_master_key(self.master_key_file)

    @property
    def service_secret(self) -> str:
        """Signs the tokens by which services know each other."""
        return self.service_secret_file.read_text().strip()

    @property
    def signer(self) -> Signer:
        """The key of seals, receipts and manifests. Raises LookupError when this process has none."""
        if not self.seal_key_file.name:
            raise LookupError("SD_SEAL_KEY_FILE is not set; `make run` sets it, see docs/guides/operators.md")
        from services.eventsourcing.signing import read_signer  # processes without a key need no cryptography

        return read_signer(self.seal_key_file)

    @property
    def topic(self) -> str:
        """The topic this service writes."""
        return f"{self.topic_prefix}{self.service}.events"

    def topics(self, *services: str) -> list[str]:
        """The topics of these services."""
        return [f"{self.topic_prefix}{service}.events" for service in services]

    def partitions(self) -> dict[str, int]:
        """Every topic with its number of partitions, fixed for ever."""
        return {f"{self.topic_prefix}{name}": count for name, count in TOPIC_PARTITIONS.items()}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"  # a traceback shows it, so it may not show passwords

    def __str__(self) -> str:
        shown = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return ", ".join(f"{name}={_without_password(str(value))}" for name, value in shown.items())


def _read(kind: str, name: str, text: str) -> object:
    try:
        return READ[kind](text)
    except ValueError:
        raise LookupError(f"{name} must be a whole number, not {text!r}") from None


def _without_password(text: str) -> str:
    return re.sub(r"//([^:/@]+):[^@]+@", r"//\1:***@", text)


def _read_master_key(path: Path) -> bytes:
    """The 32 bytes of a master key file (base64 text). Raises ValueError when it is something else."""
    key = base64.b64decode(path.read_text().strip(), validate=True)
    if len(key) != 32:
        raise ValueError(f"{path} must hold 32 bytes in base64, it holds {len(key)}")
    return key
