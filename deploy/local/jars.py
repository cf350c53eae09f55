"""The jars of Apache Kafka: coordinates and checksums in kafka.lock, files in a cache of the user."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import CannotStart

LOCK = Path(__file__).with_name("kafka.lock")
ATTEMPTS = 3
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Jar:
    """One line of the lock: group:artifact:version and the SHA-256 of the file."""

    coordinate: str
    sha256: str

    @property
    def name(self) -> str:
        _group, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def locked() -> list[Jar]:
    """What the lock file names, in the order of the class path."""
    return [Jar(*line.split()) for line in LOCK.read_text().splitlines()]


def cache() -> Path:
    """Where the jars are kept between starts and clones; inside the environment if there is no home."""
    chosen = os.environ.get("SCHOOLDIARY_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    path = Path(chosen) if chosen else Path(base) / "schooldiary"
    try:
        path.mkdir(parents=True, exist_ok=True)
        if os.access(path, os.W_OK):
            return path
    except OSError:
        pass
    return Path(sys.prefix) / "cache"


def classpath(progress: Progress = lambda done, total: None) -> list[Path]:
    """All jars as files whose checksum was verified when they were fetched."""
    jars, directory = locked(), cache() / "kafka"
    directory.mkdir(parents=True, exist_ok=True)
    missing = [jar for jar in jars if not (directory / jar.name).exists()]
    with ThreadPoolExecutor(6) as pool:
        fetches = [pool.submit(_fetch, jar, directory) for jar in missing]
        for done, fetch in enumerate(as_completed(fetches), start=1):
            fetch.result()
            progress(done, len(missing))
    return [directory / jar.name for jar in jars]


def _fetch(jar: Jar, directory: Path) -> None:
    content = _download(jar)
    if hashlib.sha256(content).hexdigest() != jar.sha256:
        raise CannotStart(f"{jar.name} is not the file that kafka.lock names; it was not used.")
    partial = directory / f"{jar.name}.{os.getpid()}.part"
    partial.write_bytes(content)
    partial.replace(directory / jar.name)


def _download(jar: Jar, attempts: int = ATTEMPTS) -> bytes:
    from jgo.maven import MavenContext  # slow to import, and needed once in the life of a machine

    group, artifact, version = jar.coordinate.split(":")
    with tempfile.TemporaryDirectory() as scratch:
        maven = MavenContext(repo_cache=Path(scratch), local_repos=[], timeout=60)
        wanted = maven.project(group, artifact).at_version(version).artifact()
        try:
            return Path(wanted.resolve()).read_bytes()
        except Exception as error:  # jgo raises what its HTTP library raises, and more
            if attempts == 1:
                raise CannotStart(
                    f"{jar.coordinate} of Apache Kafka could not be downloaded: {error}\n"
                    "It is needed once; later starts use the copy in the cache."
                ) from error
    return _download(jar, attempts - 1)
