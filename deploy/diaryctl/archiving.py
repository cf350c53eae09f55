"""diaryctl log archive, diaryctl log restore: the log in files, and back."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

import click

from deploy.diaryctl.installation import WRITERS, Installation, all_readers, open_installation
from deploy.diaryctl.output import console, fail, print_json
from deploy.diaryctl.progress import work_bar
from deploy.keeping import archive as archives
from deploy.keeping import log_restore
from deploy.keeping.adopting import adopt_readers, adopt_store
from deploy.keeping.files import Damaged
from services.eventsourcing.clock import stamp, utc_now
from services.eventsourcing.log import Place
from services.eventsourcing.log_copy_kafka import LogCopier, Misplaced
from services.eventsourcing.settings import TOPIC_PARTITIONS
from services.eventsourcing.signing import read_verifier

FOLDER = click.Path(file_okay=False, path_type=Path)
KEY = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("directory", type=FOLDER)
@click.option("--segment", default=archives.SEGMENT, show_default=True, help="records in a file at most")
@click.option("--dry-run", is_flag=True, help="say how many records would be added")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def archive(directory: Path, segment: int, dry_run: bool, as_json: bool) -> None:
    """Add to the archive in DIRECTORY what came to the log since the last time. Killed, it goes on when started again.

    Segments of compressed JSON lines by topic and partition, and a signed manifest of each run.
    """
    place = open_installation()
    signer = place.settings("diary").signer
    with closing(LogCopier(place.settings("diary").kafka)) as copier, _alone(directory):
        ends = _ends(place, copier)
        if dry_run:
            have = archives.by_place(archives.read(directory, signer.verifier)) if directory.exists() else {}
            new = sum(end - archives.end_of(have.get(where, [])) for where, end in ends.items())
            return _say(as_json, {"records": new}, f"{new} records would be added (nothing was written)")
        with work_bar("log archive", "records", not as_json) as progress:
            work = archives.Archiving(directory, copier, place.prefix, signer, progress, segment)
            try:
                made = work.run(ends, dict(TOPIC_PARTITIONS), stamp(utc_now()))
            except archives.Changed as error:
                fail(f"{error}. The log was written anew: begin an archive in an empty directory.")
            except Damaged as error:
                fail(f"{error}. Nothing was added; `diaryctl log restore --verify-only` says what is whole.")
    records = sum(segment.count for segment in made.segments) if made else 0
    size = sum(segment.size for segment in made.segments) if made else 0
    facts = {"manifest": made.number if made else None, "records": records, "bytes": size}
    _say(as_json, facts, f"{records} records in {len(made.segments) if made else 0} segments, {size:,} bytes")


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--verify-only", is_flag=True, help="read and check the archive, change nothing")
@click.option("--resume", is_flag=True, help="go on with a restore that was interrupted")
@click.option("--key", "key_file", type=KEY, help="the public key of the archive, when it is not this installation's")
@click.option("--yes", is_flag=True, help="do not ask")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def restore(directory: Path, verify_only: bool, resume: bool, key_file: Path | None, yes: bool, as_json: bool) -> None:
    """Write the archive in DIRECTORY into empty topics: the same records at the same offsets.

    The archive is verified first. Readers go on where they stood; what the archive does not reach, the relays publish
    again from the stores.
    """
    place = open_installation()
    verifier = read_verifier(key_file.read_bytes()) if key_file else place.settings("diary").signer.verifier
    try:
        manifests = archives.read(directory, verifier)
        with work_bar("verify", "records", not as_json) as progress:
            held = log_restore.verify(directory, manifests, progress)
    except Damaged as error:
        fail(f"The archive is not whole: {error}.")
    said = f"The archive is whole: {held.records} records in {held.segments} segments, {held.size:,} bytes"
    if verify_only:
        return _say(as_json, {"records": held.records, "segments": held.segments, "bytes": held.size}, said)
    if not yes:
        click.confirm(f"{said}. Write them into the empty topics of this installation?", abort=True, err=True)
    with closing(LogCopier(place.settings("diary").kafka)) as copier:
        again = _restored(place, copier, directory, manifests, resume, as_json)
    facts = {"records": held.records, "published_again": again}
    _say(as_json, facts, f"{held.records} records are back; {again} commits are younger and are published again")


def _restored(
    place: Installation,
    copier: LogCopier,
    directory: Path,
    manifests: list[archives.Manifest],
    resume: bool,
    as_json: bool,
) -> int:
    place.log.require_topics(place.settings("diary").partitions())
    present = _ends(place, copier)
    with work_bar("log restore", "records", not as_json) as progress:
        work = log_restore.LogRestore(directory, manifests, copier, place.prefix, progress)
        try:
            ends = work.run(present, resume=resume)
        except log_restore.NotEmpty as error:
            fail(f"Not empty: {error}. Only empty topics are restored; --resume goes on with an interrupted restore.")
        except (log_restore.Differs, Misplaced) as error:
            fail(f"{error}. Stop whoever else writes, delete the topics, and restore again.")
    return sum(_adopt(place, copier, service, ends) for service in WRITERS)


def _adopt(place: Installation, copier: LogCopier, service: str, ends: dict[Place, int]) -> int:
    topic = f"{place.prefix}{service}.events"
    topic_id = place.log.topic_ids([topic])[topic]
    own = {where: ends.get(Place(f"{service}.events", where.partition), 0) for where in place.log.places([topic])}
    adopt_readers(all_readers(place), topic, topic_id, own, copier)
    return adopt_store(place.db(service), topic, topic_id, own)


def _ends(place: Installation, copier: LogCopier) -> dict[Place, int]:
    """Where each partition ends, by topic without the prefix."""
    found = copier.ends(place.log.places(place.topics()))
    return {Place(where.topic.removeprefix(place.prefix), where.partition): end for where, end in found.items()}


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One archive run at a time in a directory; the lock ends with the process."""
    directory.mkdir(parents=True, exist_ok=True)
    lock = os.open(directory / ".lock", os.O_RDWR | os.O_CREAT)
    try:
        flock(lock, LOCK_EX | LOCK_NB)
        yield
    except BlockingIOError:
        fail(f"Another archive run is at work in {directory}.")
    finally:
        os.close(lock)


def _say(as_json: bool, facts: Mapping[str, int | None], sentence: str) -> None:
    if as_json:
        print_json(facts)
    else:
        console.print(sentence)
