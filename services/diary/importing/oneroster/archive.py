"""Finds the CSV files of a set in a folder or a zip, and never unpacks more than it may."""

import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from services.diary.importing.oneroster.problems import UnreadableSet

MAX_ENTRIES: Final = 5_000
MAX_BYTES: Final = 256 * 1024 * 1024
MAX_RATIO: Final = 300
RATIO_MATTERS_FROM: Final = 1024 * 1024
MAX_DEPTH: Final = 4

# names of the files read, by their name in lower case
FILES: Final[Mapping[str, str]] = {
    "orgs.csv": "orgs.csv",
    "academicsessions.csv": "academicSessions.csv",
    "courses.csv": "courses.csv",
    "classes.csv": "classes.csv",
    "users.csv": "users.csv",
    "enrollments.csv": "enrollments.csv",
    "enrolments.csv": "enrollments.csv",
    "roles.csv": "roles.csv",
    "manifest.csv": "manifest.csv",
}

Reader = Callable[[int], bytes]


def open_set(path: Path) -> dict[str, bytes]:
    """The known files of the set by name, or UnreadableSet; nothing is written to disk."""
    try:
        if path.is_dir():
            return _folder(path)
        if not path.exists():
            raise UnreadableSet("not_found", path.name)
        if not zipfile.is_zipfile(path):
            raise UnreadableSet("not_oneroster", path.name)
        with zipfile.ZipFile(path) as archive:
            return _read(path.name, _members(path.name, archive))
    except (
        OSError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ) as error:
        if isinstance(error, UnreadableSet):
            raise
        raise UnreadableSet("damaged", path.name) from error


def _folder(path: Path) -> dict[str, bytes]:
    found: dict[str, Reader] = {}
    for folder, inner, names in os.walk(path, followlinks=False):
        here = Path(folder).relative_to(path)
        if len(here.parts) >= MAX_DEPTH:
            inner.clear()
        for name in names:
            if name.lower() in FILES and (Path(folder) / name).is_file():
                found[(here / name).as_posix()] = partial(_read_file, Path(folder) / name)
    archives = sorted(entry for entry in path.iterdir() if entry.suffix.lower() == ".zip")
    if not found and len(archives) == 1:
        return open_set(archives[0])
    return _read(path.name, found)


def _read_file(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit)


def _members(name: str, archive: zipfile.ZipFile) -> dict[str, Reader]:
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        raise UnreadableSet("too_large", name)
    found: dict[str, Reader] = {}
    for info in infos:
        inner = PurePosixPath(info.filename.replace("\\", "/"))
        if inner.name.lower() not in FILES or "__MACOSX" in inner.parts:
            continue
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > RATIO_MATTERS_FROM and ratio > MAX_RATIO:
            raise UnreadableSet("too_large", name)
        found[str(inner)] = partial(_read_member, archive, info)
    return found


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    # the size in the directory of the zip is only a claim, so the reading itself is limited
    with archive.open(info) as member:
        return member.read(limit)


def _read(name: str, found: Mapping[str, Reader]) -> dict[str, bytes]:
    folder = _one_folder(name, {str(PurePosixPath(inner).parent) for inner in found if _has_rows(inner)})
    left = MAX_BYTES
    files: dict[str, bytes] = {}
    for inner in sorted(found):
        if str(PurePosixPath(inner).parent) != folder:
            continue
        content = found[inner](left + 1)
        left -= len(content)
        if left < 0:
            raise UnreadableSet("too_large", name)
        files.setdefault(FILES[PurePosixPath(inner).name.lower()], content)
    return files


def _has_rows(inner: str) -> bool:
    return PurePosixPath(inner).name.lower() != "manifest.csv"


def _one_folder(name: str, folders: Iterable[str]) -> str:
    """The folder nearest to the top that holds the set."""
    by_depth = sorted(folders, key=lambda folder: (len(PurePosixPath(folder).parts), folder))
    if not by_depth:
        raise UnreadableSet("not_oneroster", name)
    top = len(PurePosixPath(by_depth[0]).parts)
    same = [folder for folder in by_depth if len(PurePosixPath(folder).parts) == top]
    if len(same) > 1:
        raise UnreadableSet("several_sets", ", ".join(same))
    return same[0]
