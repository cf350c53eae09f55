"""`python -m services.identity web|worker|init`."""

from services.eventsourcing.process import run

if __name__ == "__main__":
    run("identity")
