"""The one-shot job: replica set, database users, collections, topics. May be repeated at any time.

It shares the network of the mongo container, because MongoDB lets the first user be made from its own host only.
"""

import os
import subprocess
import sys

from deploy.docker.environment import SECRETS, mongo, process_environment, root_password
from deploy.local import mongo_users
from deploy.local.secrets import Secrets
from deploy.local.waiting import wait_for

SECONDS = 120


def main() -> None:
    """Returns when the services can start."""
    secrets = Secrets(SECRETS)
    server = mongo(secrets, root_password(secrets))
    wait_for(server.ready, SECONDS, lambda: "MongoDB does not become writable", lambda: True)
    mongo_users.provision(server.url(), secrets.passwords())
    for service in mongo_users.SERVICES:
        environment = {**os.environ, **process_environment(secrets, service, "init")}
        subprocess.run([sys.executable, "-m", f"services.{service}", "init"], env=environment, check=True)
    mongo_users.refresh_web_roles(server.url())


if __name__ == "__main__":
    main()
