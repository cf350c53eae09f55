"""A toy service's life in one process, which a crash point may end: writes, relay, view, policy, rebuild, all twice.

It prints the id of each command that it acknowledges, as an HTTP answer would.
"""

from __future__ import annotations

from services.eventsourcing.message import Recorded
from services.eventsourcing.policy import caused_by
from services.eventsourcing.settings import Settings
from services.eventsourcing.store import Claims, Reservation
from tests.kit.stage import Stage
from tests.kit.toy import Write, asked, book

ROUNDS = 2
COMMANDS = [f"c{number}" for number in range(4 * ROUNDS)]


def command(stage: Stage, name: str) -> None:
    """Two pages in one commit; every second command takes a reservation with it."""
    number = int(name[1:])
    claims = Claims(take=[Reservation("title", name)]) if number % 2 else Claims()
    texts = (f"{name}-one", f"{name}-two")
    id = f"b{number % 3}"
    stage.executor.execute(book, id, Write(id, texts), asked(name), claims=claims)


def run_policy(stage: Stage) -> None:
    """Copy every page into the book of copies, until the policy stands at the end of the log."""

    def copy(event: Recorded) -> None:
        if event.stream != "book-copies":
            meta = asked(caused_by(event, "copy"))
            stage.executor.execute(book, "copies", Write("copies", (event.data["text"],)), meta)

    policy = stage.policy("copier", {"PageWritten": copy})
    ends = sum(stage.ends().values())
    while sum(found["next"] for found in stage.db["copier.checkpoints"].find()) < ends:
        policy.run_once(0.2)
    policy.reset()


def main() -> None:
    """All rounds."""
    stage = Stage(Settings.from_env("diary"))
    for turn in range(ROUNDS):
        for name in COMMANDS[4 * turn : 4 * turn + 4]:
            command(stage, name)
            print(name, flush=True)
        stage.flow()
        run_policy(stage)
        stage.rebuild()


if __name__ == "__main__":
    main()
