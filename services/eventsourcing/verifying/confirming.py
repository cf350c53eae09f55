"""A second look at documents that differed: the projector now, its events again, only these documents.

Between a cut and the fold a person may be erased or a view switched: what differs twice, at two moments, is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

from services.eventsourcing.core import open_vault
from services.eventsourcing.message import Recorded
from services.eventsourcing.scan_mongo import commits
from services.eventsourcing.verifying.cut_mongo import Projected, digest_bytes, live_documents
from services.eventsourcing.verifying.findings import Findings
from services.eventsourcing.verifying.job import Job
from services.eventsourcing.verifying.looking import first_difference, shown
from services.eventsourcing.verifying.refold import Refold
from services.eventsourcing.verifying.working import FOLDED_AT_ONCE, Unequal, database
from services.eventsourcing.view import Doc

LOOKED_AT = 500  # documents of each view; the others are counted
# Ids, dates, times, numbers: what tells nothing of a person by itself.
PLAIN = re.compile(r"[0-9a-f-]{8,}|[0-9T:.Z+-]{1,40}")


def confirm(job: Job, unequal: Unequal, findings: Findings) -> None:
    """Tell the documents that differ again. Personal values are not shown."""
    projectors: dict[tuple[str, str], dict[str, Sequence[str]]] = {}
    for (service, name, view), keys in unequal.items():
        projectors.setdefault((service, name), {})[view] = keys
    for place, of_views in projectors.items():
        chosen = {place: list(of_views)}
        one = next(one for one in job.projected(chosen) if (one.service, one.name) == place)
        _confirm(job, one, of_views, findings)


def _confirm(job: Job, projected: Projected, keys: Mapping[str, Sequence[str]], findings: Findings) -> None:
    looked_at = {view: own[:LOOKED_AT] for view, own in keys.items()}
    made, live = live_documents(projected, looked_at)
    wanted = {key for own in looked_at.values() for key in own}
    vault = open_vault(job.services[projected.service])
    refold = Refold(made, projected.views, vault, wanted.__contains__, Findings(), _takes_anything)
    for service in sorted({job.writer_of(place.topic) for place in made.positions}):
        waiting: list[Recorded] = []
        for commit in commits(database(job, service), lambda where, why: None):
            waiting += [e for e in commit.recorded() if e.type in refold.types and refold.applied(e.stream, e.version)]
            if len(waiting) >= FOLDED_AT_ONCE:
                refold.take(waiting)
                waiting = []
        refold.take(waiting)
    for view, own in looked_at.items():
        fresh = dict(refold.docs[view].items())
        wrong = [key for key in own if not _equal(key, fresh.get(key), live[view].get(key))]
        for key in wrong:
            path, here, there = first_difference(_plain(fresh.get(key)), _plain(live[view].get(key)))
            where = f"{projected.service}/{view} {key}" + (f" at {path}" if path != "the whole" else "")
            findings.differ("document", where, shown(here), shown(there))
        if wrong and (rest := len(keys[view]) - len(own)):
            findings.differ("document", f"{projected.service}/{view}, further documents", "", "", rest)


def _takes_anything(key: str, doc: Doc) -> None:
    """Whether a document can be stored is not the question here."""


def _equal(key: str, fresh: Doc | None, live: Doc | None) -> bool:
    if fresh is None or live is None:
        return fresh is live
    return digest_bytes(key, fresh) == digest_bytes(key, live)


def _plain(value: Any) -> Any:
    """The value with texts that might be personal made unreadable, and still different where they were."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    text = str(value)
    return text if PLAIN.fullmatch(text) else f"text of {len(text)} characters ({crc32(text.encode()):08x})"
