"""python -m tests.kit.rebuild_slot: a process of a rebuild of the toy's views."""

from __future__ import annotations

import os

from services.eventsourcing.rebuilding import held, slot
from services.eventsourcing.rebuilding.member import serve
from tests.kit.toy import Rows, Shelf

ALLERGIC = "TOY_ALLERGIC"  # the shelf cannot fold the page `poison`
CHANGES = "TOY_CHANGES"  # after so many changes a slot writes

if __name__ == "__main__":
    held.MOST_CHANGES = int(os.environ.get(CHANGES, held.MOST_CHANGES))
    slot.BATCH = min(slot.BATCH, held.MOST_CHANGES)
    serve(lambda service, projector: [Shelf(allergic=ALLERGIC in os.environ), Rows()])
