"""python -m deploy.docker.entrypoint SERVICE web|worker: becomes that process with its credentials."""

import os
import sys

from deploy.docker.environment import SECRETS, process_environment
from deploy.local.secrets import Secrets


def main(service: str, process: str) -> None:
    """Replaces itself, so that the process gets the container's signals."""
    environment = {**os.environ, **process_environment(Secrets(SECRETS), service, process)}
    if process == "web":
        environment["PROMETHEUS_MULTIPROC_DIR"] = "/tmp/metrics"
    os.execve(sys.executable, [sys.executable, "-m", f"services.{service}", process], environment)


if __name__ == "__main__":
    main(*sys.argv[1:])
