"""Requests as bytes, and a run of the load generator over them."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from deploy.local.home import REPOSITORY
from tests.benchmarks.generator import Answers, Load


class Unexpected(Exception):
    """The system answered something that makes the figure worthless."""


def request(method: str, path: str, body: Any = None, **headers: str) -> bytes:
    """One HTTP/1.1 request on a connection that stays open."""
    content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Language: ru", *_headers(headers)]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


def bearer(token: str) -> str:
    """The Authorization header of an API client."""
    return f"Bearer {token}"


def send(load: Load, *, allow: frozenset[int] = frozenset({200, 201, 202})) -> Answers:
    """Run the generator in a process of its own. Raises Unexpected when an answer has another status."""
    given = pickle.dumps(load)
    command = [sys.executable, "-c", "from tests.benchmarks.generator import main; main()"]
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, cwd=REPOSITORY, check=True)
    answers: Answers = pickle.loads(done.stdout)
    if set(answers.statuses) - allow:
        raise Unexpected(f"{dict(answers.statuses)}, the first: {answers.refused.decode(errors='replace')}")
    return answers


def _headers(headers: Mapping[str, str]) -> list[str]:
    return [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
