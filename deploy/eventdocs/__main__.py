"""`python -m deploy.eventdocs` writes docs/events and missing samples; `--check` says what differs (exit code 1)."""

from __future__ import annotations

import sys

from deploy.eventdocs.catalogs import registries
from deploy.eventdocs.files import DOCS, SAMPLES, differing, documents, missing, samples, write


def main(arguments: list[str]) -> int:
    """Exit code: 0, or 1 when a check fails, or 2 for an unknown argument."""
    known = registries()
    files = documents(known)
    if arguments == ["--check"]:
        return _check([*differing(DOCS, files, known), *missing(SAMPLES, samples(known))])
    if arguments:
        print("usage: python -m deploy.eventdocs [--check]", file=sys.stderr)
        return 2
    write(DOCS, files)
    write(SAMPLES, missing(SAMPLES, samples(known)))  # a sample is never written again: it stands for stored events
    print(f"{len(files)} files in {DOCS}")
    return 0


def _check(wrong: list[str]) -> int:
    for path in wrong:
        print(f"differs from the code: {path}", file=sys.stderr)
    if wrong:
        print("run `python -m deploy.eventdocs` and commit docs/events and tests/contract/samples", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
