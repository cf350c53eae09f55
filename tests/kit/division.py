"""How tests are divided among processes: by files; those that share a running system stay together in their order."""

from __future__ import annotations

from xdist.scheduler.loadscope import LoadScopeScheduling

# Directories whose tests share a running system (kit/living.py): what one test did there is there for the next. They
# take longest.
TOGETHER = ("tests/browser/", "tests/faults/", "tests/story/")


def share_of(nodeid: str) -> str:
    """The name of what one process runs: a directory of TOGETHER, or a file."""
    return next((directory for directory in TOGETHER if nodeid.startswith(directory)), nodeid.partition("::")[0])


class Shares(LoadScopeScheduling):
    """See pytest-xdist: whoever is free takes the next share."""

    def _split_scope(self, nodeid: str) -> str:
        return share_of(nodeid)
