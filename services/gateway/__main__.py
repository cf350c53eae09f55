"""`python -m services.gateway web|worker|init`."""

from services.eventsourcing.process import run
from services.gateway.app import THREADS, WORKERS, create_app, create_worker, init

if __name__ == "__main__":
    run("gateway", create_app, create_worker, init, threads=THREADS, workers=WORKERS)
