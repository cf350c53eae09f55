"""`python -m services.notify web|worker|init`."""

from services.eventsourcing.process import run

if __name__ == "__main__":
    run("notify", threads=4, background=True)
