"""Which process listens where. SCHOOLDIARY_PORT_BASE moves all, SCHOOLDIARY_<NAME>_PORT moves one."""

import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import psutil

from deploy.local.errors import CannotStart

BASE = "SCHOOLDIARY_PORT_BASE"
DEFAULT_BASE = 7100
HOST = "127.0.0.1"
HIGHEST = 65_535
FURTHER = 1000


@dataclass(frozen=True)
class Ports:
    """Every port of an instance; the defaults are the distances from the base."""

    gateway: int = 0
    identity: int = 1
    diary: int = 2
    notify: int = 3
    outbox: int = 10
    mongo: int = 17
    smtp: int = 25
    kafka: int = 92
    kafka_controller: int = 93
    identity_web_ops: int = 40
    identity_worker_ops: int = 41
    diary_web_ops: int = 42
    diary_worker_ops: int = 43
    notify_web_ops: int = 44
    notify_worker_ops: int = 45
    gateway_web_ops: int = 46
    gateway_worker_ops: int = 47

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Ports":
        """From the environment; CannotStart names the variable that is not a port."""
        base = _number(environ, BASE, DEFAULT_BASE)
        chosen = {
            field.name: _number(environ, variable(field.name), base + int(str(field.default))) for field in fields(cls)
        }
        return cls(**chosen)

    def require_free(self) -> None:
        """CannotStart names every port that is taken, by whom, and what to change."""
        taken = [name for name, port in asdict(self).items() if not _free(port)]
        if taken:
            lines = [f"Port {asdict(self)[name]} ({name}) is taken{_holder(asdict(self)[name])}." for name in taken]
            if len(taken) < len(fields(self)):
                choice = " ".join(f"{variable(name)}=..." for name in taken)
                lines.append(f"Stop that process, or choose another port: {choice}")
            lines.append(f"To move all ports: {BASE}={self.gateway + FURTHER}")
            raise CannotStart("\n".join(lines))


def variable(name: str) -> str:
    """The environment variable that moves one port."""
    return f"SCHOOLDIARY_{name.upper()}_PORT"


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if text.isdigit() and 0 < int(text) <= HIGHEST:
        return int(text)
    raise CannotStart(f"{name} must be a port number between 1 and {HIGHEST}, it is {text!r}.")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _holder(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            if (
                connection.laddr
                and connection.laddr.port == port
                and connection.status == psutil.CONN_LISTEN
                and connection.pid
            ):
                return f" by {psutil.Process(connection.pid).name()} (pid {connection.pid})"
    except (psutil.Error, TypeError):
        return ""
    return ""
