"""`python -m services.identity web|worker|init`."""

from services.eventsourcing.process import run
from services.identity.app import create_app, create_worker, init

if __name__ == "__main__":
    run("identity", create_app, create_worker, init)
