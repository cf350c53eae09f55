"""`python -m services.gateway web|worker|init`."""

from services.eventsourcing.process import run

WORKERS = 2  # a Python process answers pages on one core at a time
THREADS = 64

if __name__ == "__main__":
    run("gateway", threads=THREADS, workers=WORKERS)
