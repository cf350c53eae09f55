"""compose.yaml is valid, names only what exists, and gives no process more than it needs."""

import json
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from deploy.docker import environment
from deploy.local.home import REPOSITORY
from deploy.local.mongo_users import SERVICES
from deploy.local.secrets import Secrets

PUBLISHED = {"gateway-web", "outbox", "grafana"}
ONLY_HERE = {"outbox": "demo", "grafana": "observability"}  # for this machine, and only when asked for
ONE_SHOT = {"init"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(REPOSITORY / "compose.yaml"))


def test_it_follows_the_compose_specification(compose: dict[str, Any]) -> None:
    schema = json.loads((files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text())
    jsonschema.validate(compose, schema)


def test_every_service_has_a_web_and_a_worker(compose: dict[str, Any]) -> None:
    expected = {f"{service}-{process}" for service in SERVICES for process in ("web", "worker")}
    assert expected <= set(compose["services"])


def test_everything_a_container_refers_to_is_declared(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert set(service.get("networks", [])) <= set(compose["networks"]), name
        assert set(service.get("secrets", [])) <= set(compose["secrets"]), name
        assert set(service.get("depends_on", {})) <= set(compose["services"]), name
        assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(compose["volumes"]), name


def test_no_container_is_root_or_can_change_its_image(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["user"].split(":")[0] not in ("", "0", "root"), name
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name


def test_only_the_gateway_is_public_and_only_after_it_is_healthy(compose: dict[str, Any]) -> None:
    assert {name for name, service in compose["services"].items() if "ports" in service} == PUBLISHED
    for name, profile in ONLY_HERE.items():
        assert compose["services"][name]["ports"][0].startswith("127.0.0.1:")
        assert compose["services"][name]["profiles"] == [profile]
    assert all("healthcheck" in service for name, service in compose["services"].items() if name not in ONE_SHOT)


def test_the_servers_cannot_be_reached_from_outside(compose: dict[str, Any]) -> None:
    for server in ("mongo", "kafka"):
        (network,) = compose["services"][server]["networks"]
        assert compose["networks"][network] == {"internal": True}


def test_a_process_gets_the_password_of_its_own_database_user_only(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        passwords = {secret for secret in service.get("secrets", []) if secret.endswith(".password")}
        if name.endswith(("-web", "-worker")):
            assert passwords == {f"mongo-{name}.password", "mongo-vault.password"}


def test_the_made_secrets_are_all_that_is_mounted(compose: dict[str, Any], tmp_path: Path) -> None:
    script = REPOSITORY / "deploy/docker/secrets.sh"
    subprocess.run(["sh", script, tmp_path / "made"], check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (tmp_path / "made").iterdir()}
    assert set(made) == set(compose["secrets"]) == {Path(one["file"]).name for one in compose["secrets"].values()}
    subprocess.run(["sh", script, tmp_path / "made"], check=True, capture_output=True)
    assert made == {path.name: path.read_text() for path in (tmp_path / "made").iterdir()}
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o700


def test_a_process_finds_its_credentials_in_the_mounted_files(tmp_path: Path) -> None:
    subprocess.run(["sh", REPOSITORY / "deploy/docker/secrets.sh", tmp_path], check=True, capture_output=True)
    settings = environment.process_environment(Secrets(tmp_path), "diary", "init")
    assert settings["SD_MONGO_URL"].startswith("mongodb://diary-worker:")
    assert "@mongo:27017/" in settings["SD_MONGO_URL"]
    assert settings["SD_MASTER_KEY_FILE"] == str(tmp_path / "master.key")
