"""`python -m deploy.eventdocs` writes docs/events and missing samples; `--check` says what differs (exit code 1).

Neither accepts a change of a published schema that a reader could stumble over; `--base REVISION` compares with the
schemas of that revision of git as well, which a change cannot have written anew.
"""

from __future__ import annotations

import argparse
import sys

from deploy.eventdocs.catalogs import registries
from deploy.eventdocs.compatibility import breaks
from deploy.eventdocs.files import (
    DOCS,
    ROOT,
    SAMPLES,
    differing,
    documents,
    missing,
    published,
    published_at,
    samples,
    unsampled,
    write,
)
from services.eventsourcing.registry import Registry

BROKEN = "a published schema is never edited: register the event under schema + 1 with an upcast, see docs/guides"


def main(arguments: list[str]) -> int:
    """Exit code: 0, or 1 when a check fails, or 2 for an unknown argument."""
    parser = argparse.ArgumentParser(prog="python -m deploy.eventdocs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    parser.add_argument("--base", metavar="REVISION", help="compare with the schemas of this revision of git as well")
    chosen = parser.parse_args(arguments)
    known = registries()
    if not _compatible(known, chosen.base):
        return 1
    files = documents(known)
    if chosen.check:
        wrong = [*differing(DOCS, files, known), *missing(SAMPLES, samples(known)), *unsampled(DOCS, SAMPLES, known)]
        return _check(wrong)
    write(DOCS, files)
    write(SAMPLES, missing(SAMPLES, samples(known)))  # a sample is never written again: it stands for stored events
    print(f"{len(files)} files in {DOCS}")
    return 0


def _compatible(known: list[Registry], base: str | None) -> bool:
    found = breaks(published(DOCS), known)
    if base:
        found += [one for one in breaks(published_at(ROOT, base), known) if one not in found]
    for one in found:
        print(one, file=sys.stderr)
    if found:
        print(BROKEN, file=sys.stderr)
    return not found


def _check(wrong: list[str]) -> int:
    for path in wrong:
        print(f"differs from the code: {path}", file=sys.stderr)
    if wrong:
        print("run `python -m deploy.eventdocs` and commit docs/events and tests/contract/samples", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
