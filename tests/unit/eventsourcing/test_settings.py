"""Settings come from the environment once, and show no password."""

import base64
from pathlib import Path

import pytest

from services.eventsourcing.settings import Settings

ENVIRONMENT = {
    "SD_MONGO_URL": "mongodb://diary-web:hush@127.0.0.1:7117/?replicaSet=r",
    "SD_VAULT_URL": "mongodb://vault:hush@127.0.0.1:7117/",
    "SD_KAFKA": "127.0.0.1:7192",
    "SD_MASTER_KEY_FILE": "master.key",
    "SD_SERVICE_SECRET_FILE": "service.secret",
}


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_a_missing_variable_is_named(name: str) -> None:
    env = {key: value for key, value in ENVIRONMENT.items() if key != name}
    with pytest.raises(LookupError, match=name):
        Settings.from_env("diary", env)


def test_a_service_gets_its_own_database_and_topic() -> None:
    settings = Settings.from_env("diary", {**ENVIRONMENT, "SD_TOPIC_PREFIX": "t."})
    assert (settings.database, settings.topic) == ("sd_diary", "t.diary.events")
    assert settings.topics("identity", "notify") == ["t.identity.events", "t.notify.events"]
    assert settings.partitions() == {"t.identity.events": 4, "t.diary.events": 8, "t.notify.events": 4}
    assert Settings.from_env("diary", {**ENVIRONMENT, "SD_DATABASE": "other"}).database == "other"


def test_no_password_is_shown() -> None:
    settings = Settings.from_env("diary", ENVIRONMENT)
    assert "hush" not in str(settings)
    assert "hush" not in repr(settings)
    assert "diary-web" in str(settings)


@pytest.mark.parametrize("text", ["", "x", base64.b64encode(bytes(31)).decode(), base64.b64encode(bytes(33)).decode()])
def test_a_master_key_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text)
    with pytest.raises(ValueError):
        _ = Settings.from_env("diary", {**ENVIRONMENT, "SD_MASTER_KEY_FILE": str(tmp_path / "key")}).master_key


def test_a_number_is_a_number() -> None:
    assert Settings.from_env("gateway", ENVIRONMENT).trusted_proxies == 0
    assert Settings.from_env("gateway", {**ENVIRONMENT, "SD_TRUSTED_PROXIES": "2"}).trusted_proxies == 2
    with pytest.raises(LookupError, match="SD_TRUSTED_PROXIES"):
        Settings.from_env("gateway", {**ENVIRONMENT, "SD_TRUSTED_PROXIES": "all"})
