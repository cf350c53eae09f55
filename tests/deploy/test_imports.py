"""Who may speak to the database and who to the web: read off the names of the modules."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from deploy.local.home import REPOSITORY

SERVICES = REPOSITORY / "services"
DATABASE = ("*store*", "*_mongo", "view*", "vault*", "mongo", "lease", "projector", "rebuild", "waker", "worker", "app")
# limits: the answer 429 with its Retry-After. forms, body, answers, fragments: what the gateway's http.py modules share
# for reading requests and rendering answers. requests: what every web process does around a request.
WEB = ("app", "web", "http", "problems", "limits", "process", "serving", "forms", "body", "answers", "fragments",
       "requests", "browsing")  # fmt: skip


def test_only_stores_views_and_vaults_speak_to_the_database() -> None:
    assert [path for path in importers("pymongo", "bson") if not named(path, DATABASE)] == []


def test_only_the_web_layer_knows_flask() -> None:
    assert [path for path in importers("flask", "flask_smorest", "werkzeug", "webargs") if not named(path, WEB)] == []


def named(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(Path(path).stem, pattern) for pattern in patterns)


def importers(*packages: str) -> Iterator[str]:
    for path in sorted(SERVICES.rglob("*.py")):
        if imported(ast.parse(path.read_text())) & set(packages):
            yield str(path.relative_to(SERVICES))


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names
