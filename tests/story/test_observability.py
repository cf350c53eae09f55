"""Dashboards and alerts ask for metrics that a running installation gives, and alerts lead to a page that exists."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from typing import Any

import pytest
from ruamel.yaml import YAML

from deploy.local.home import REPOSITORY
from tests.kit.system import System

HERE = REPOSITORY / "deploy" / "observability"
METRIC = re.compile(r"\bdiary_[a-z_]+")
PROCESSES = [f"{name}_{kind}_ops" for name in ("identity", "diary", "notify", "gateway") for kind in ("web", "worker")]


@pytest.fixture(scope="module")
def alerts() -> list[dict[str, Any]]:
    (group,) = YAML(typ="safe").load(HERE / "alerts.yml")["groups"]
    return list(group["rules"])


@pytest.fixture(scope="module")
def scraped(system: System) -> dict[str, str]:
    """What each process of a running system tells."""
    return {name: _get(system, name, "/metrics") for name in PROCESSES}


def test_every_metric_that_somebody_looks_at_is_told_by_a_process(
    alerts: list[dict[str, Any]], scraped: dict[str, str]
) -> None:
    dashboard = json.loads((HERE / "grafana" / "school-diary.json").read_text())
    asked = [rule["expr"] for rule in alerts]
    asked += [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    wanted = {name for text in asked for name in METRIC.findall(text)}
    families = {line.split()[2] for text in scraped.values() for line in text.splitlines() if line.startswith("# TYPE")}
    series = families | {f"{name}{end}" for name in families for end in ("_bucket", "_count", "_sum", "_total")}
    assert wanted - series == set()


def test_every_process_says_that_it_is_ready(system: System) -> None:
    for name in PROCESSES:
        body = json.loads(_get(system, name, "/readyz"))
        assert (body["status"], body["missing"]) == ("ready", []), name


def test_the_public_door_tells_no_metrics(system: System) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        _open(f"{system.portal}/metrics")


def test_every_alert_leads_to_a_chapter_of_the_guide(alerts: list[dict[str, Any]]) -> None:
    guide = (REPOSITORY / "docs" / "guides" / "operators.md").read_text()
    chapters = {
        re.sub(r"[^a-z -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.*)$", guide, re.M)
    }
    for rule in alerts:
        page, _, chapter = rule["annotations"]["runbook"].partition("#")
        assert (page, chapter in chapters) == ("docs/guides/operators.md", True), rule["alert"]


def test_prometheus_asks_every_process_of_the_composition() -> None:
    (job,) = YAML(typ="safe").load(HERE / "prometheus.yml")["scrape_configs"]
    asked = {target for found in job["static_configs"] for target in found["targets"]}
    assert asked == {f"{name.removesuffix('_ops').replace('_', '-')}:9464" for name in PROCESSES}


def _get(system: System, name: str, path: str) -> str:
    return _open(f"http://127.0.0.1:{system.ports[name.upper()]}{path}")


def _open(address: str) -> str:
    direct: Any = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(address, timeout=20) as answer:
        return str(answer.read().decode())
