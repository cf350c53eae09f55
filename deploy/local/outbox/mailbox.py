"""Messages as .eml files, newest first."""

import os
import re
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

RECIPIENTS = "X-Envelope-To"
ID = re.compile(r"[0-9]+-[0-9a-f]+")


@dataclass(frozen=True)
class Mail:
    """A message that somebody sent, its recipients taken from the envelope."""

    id: str
    raw: bytes
    message: EmailMessage

    @property
    def to(self) -> str:
        return str(self.message.get(RECIPIENTS, self.message.get("To", "")))

    @property
    def subject(self) -> str:
        return str(self.message.get("Subject", ""))

    @property
    def at(self) -> str:
        """Time of arrival, ISO 8601 in UTC."""
        seconds = int(self.id.split("-")[0]) / 1e9
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))

    def body(self, kind: str) -> str | None:
        """The text ("plain") or "html" part, None when there is none."""
        part = self.message.get_body(preferencelist=(kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part else None


class Mailbox:
    """A directory of messages. A message is there whole or not at all."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)

    def keep(self, recipients: list[str], content: bytes) -> None:
        """Returns when the message is on disk under its own name."""
        name = f"{time.time_ns()}-{os.urandom(4).hex()}"
        partial = self.directory / f"{name}.part"
        partial.write_bytes(f"{RECIPIENTS}: {', '.join(recipients)}\r\n".encode() + content)
        partial.rename(self.directory / f"{name}.eml")

    def newest(self, limit: int, to: str | None = None) -> list[Mail]:
        """At most `limit` messages, newest first, on request only those to one address."""
        found: list[Mail] = []
        for path in sorted(self.directory.glob("*.eml"), reverse=True):
            mail = _read(path)
            if to is None or to.lower() in mail.to.lower():
                found.append(mail)
            if len(found) == limit:
                break
        return found

    def find(self, id: str) -> Mail | None:
        """The message with this id."""
        path = self.directory / f"{id}.eml"
        return _read(path) if ID.fullmatch(id) and path.exists() else None


def _read(path: Path) -> Mail:
    raw = path.read_bytes()
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return Mail(path.stem, raw, message)
