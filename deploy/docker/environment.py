"""The settings of a process in a container: addresses come from compose.yaml, credentials from secret files."""

from pathlib import Path

from deploy.local.mongo import ROOT, Mongo
from deploy.local.secrets import Secrets

SECRETS = Path("/run/secrets")
MONGO = "mongo:27017"
MONGO_PORT = 27017


def mongo(secrets: Secrets, root_password: str = "") -> Mongo:
    """MongoDB under the name by which the containers know it."""
    return Mongo(Path("/tmp"), MONGO_PORT, secrets.directory / "mongo.key", root_password, MONGO)


def process_environment(secrets: Secrets, service: str, process: str) -> dict[str, str]:
    """What a web, worker or init process of a service needs beside the addresses."""
    user = f"{service}-{'worker' if process == 'init' else process}"
    server = mongo(secrets)
    found = {
        "SD_MONGO_URL": server.url(user, secrets.password(user)),
        "SD_DATABASE": f"sd_{service}",
        "SD_VAULT_URL": server.url("vault", secrets.password("vault")),
        "SD_MASTER_KEY_FILE": str(secrets.master_key),
        "SD_SERVICE_SECRET_FILE": str(secrets.service_secret),
    }
    if (service, process) == ("diary", "worker"):
        found["SD_SEAL_KEY_FILE"] = str(secrets.seal_key)
    return found


def root_password(secrets: Secrets) -> str:
    """Only the init job has this secret."""
    return secrets.password(ROOT)
