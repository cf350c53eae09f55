"""The environment of every process, in one place."""

import os
from pathlib import Path

from deploy.local.home import REPOSITORY
from deploy.local.instance import Instance
from deploy.local.mongo_users import SERVICES
from deploy.local.ports import HOST

DIRECT = f"{HOST},localhost"  # services talk to each other without the proxy of the machine
MAIL_FROM = "diary@school.example"


def service_environment(instance: Instance, service: str, process: str) -> dict[str, str]:
    """What a web or worker process of a service needs, with the database user that is its own."""
    own = {
        "SD_MONGO_URL": instance.mongo_url(f"{service}-{process}"),
        "SD_DATABASE": f"sd_{service}",
        "SD_OPS_BIND": f"{HOST}:{getattr(instance.ports, f'{service}_{process}_ops')}",
    }
    if (service, process) == ("gateway", "worker"):
        own["SD_OPS_URLS"] = ",".join(
            f"{one}=http://{HOST}:{getattr(instance.ports, f'{one}_worker_ops')}" for one in SERVICES
        )
    if process == "web":
        own["SD_BIND"] = f"{HOST}:{getattr(instance.ports, service)}"
        own["PROMETHEUS_MULTIPROC_DIR"] = str(instance.home.root / "metrics" / service)
    if (service, process) == ("diary", "worker"):
        own["SD_SEAL_KEY_FILE"] = str(instance.secrets.seal_key)
    return {**_common(instance), **own}


def operator_environment(instance: Instance) -> dict[str, str]:
    """What the operator's console needs: all databases as the user `ops`, the services by their addresses."""
    return {
        **_common(instance),
        "SD_MONGO_URL": instance.mongo_url("ops"),
        "SD_SEAL_KEY_FILE": str(instance.secrets.seal_key),
        "SCHOOLDIARY_HOME": str(instance.home.root),
    }


def _common(instance: Instance) -> dict[str, str]:
    ports = instance.ports
    return {
        "SD_VAULT_URL": instance.mongo_url("vault"),
        "SD_VAULT_DATABASE": "sd_vault",
        "SD_KAFKA": instance.kafka.bootstrap,
        "SD_MASTER_KEY_FILE": str(instance.secrets.master_key),
        "SD_SERVICE_SECRET_FILE": str(instance.secrets.service_secret),
        "SD_IDENTITY_URL": f"http://{HOST}:{ports.identity}",
        "SD_DIARY_URL": f"http://{HOST}:{ports.diary}",
        "SD_NOTIFY_URL": f"http://{HOST}:{ports.notify}",
        "SD_PORTAL_URL": instance.portal,
        "SD_SMTP": f"{HOST}:{ports.smtp}",
        "SD_MAIL_FROM": MAIL_FROM,
        "NO_PROXY": DIRECT,
        "no_proxy": DIRECT,
        "PYTHONPATH": _python_path(),
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",  # one heap per thread would take memory that is hardly used
    }


def _python_path() -> str:
    inherited = os.environ.get("PYTHONPATH")
    return os.pathsep.join([str(Path(REPOSITORY)), *([inherited] if inherited else [])])
