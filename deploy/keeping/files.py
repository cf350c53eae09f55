"""Files that are either whole or not there, and their digests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

PART = ".part"  # what is not finished; never read again
BLOCK = 1 << 20

Progress = Callable[[int, int], None]  # done, total


class Damaged(Exception):
    """A file is missing, was changed, or does not fit to the others."""


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A new file that appears under its name when it is finished and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + PART)
    with open(partial, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def digest_of(path: Path, tell: Callable[[int], None] = lambda done: None) -> str:
    """The SHA-256 of a file; `tell` hears of each block's bytes. Raises Damaged when there is no such file."""
    found = sha256()
    try:
        with open(path, "rb") as file:
            while block := file.read(BLOCK):
                found.update(block)
                tell(len(block))
    except FileNotFoundError:
        raise Damaged(f"{path} is missing") from None
    return found.hexdigest()


def drop_partial(directory: Path) -> None:
    """Remove what a killed process left unfinished."""
    for path in directory.rglob(f"*{PART}"):
        path.unlink()
