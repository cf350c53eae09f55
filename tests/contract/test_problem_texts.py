"""Every refusal of every service has a sentence in both languages at the gateway."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from services.eventsourcing import problems
from services.gateway.problems_text import TEXTS

SERVICES = Path(__file__).parents[2] / "services"
RAISED = {"Refused": 0, "Forbidden": 0, "Missing": 0, "Problem": 1, "Fault": 1, "TooMany": 0}
CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def said() -> Iterator[tuple[str, str]]:
    """(code, file) of every refusal written in the services' sources."""
    for path in SERVICES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
                place = RAISED[node.func.id]
                if len(node.args) > place and isinstance(node.args[place], ast.Constant):
                    code = node.args[place].value
                    if isinstance(code, str) and CODE.fullmatch(code):
                        yield code, str(path.relative_to(SERVICES))


def test_every_refusal_has_a_text() -> None:
    known = dict(said())
    assert len(known) > 30  # the search itself works
    assert {code: file for code, file in known.items() if code not in TEXTS} == {}


def test_every_code_of_the_web_layer_has_a_text() -> None:
    assert set(problems.CODES.values()) - TEXTS.keys() == set()


def test_limits_and_claims_have_texts() -> None:
    words = re.compile(r'"((?:too-many)-[a-z]+)"')
    codes = {code for path in SERVICES.rglob("*.py") for code in words.findall(path.read_text())}
    assert codes | {"login-taken", "email-taken"} <= TEXTS.keys()
