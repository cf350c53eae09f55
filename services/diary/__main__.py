"""`python -m services.diary web|worker|init`."""

from services.eventsourcing.process import run

if __name__ == "__main__":
    run("diary")
