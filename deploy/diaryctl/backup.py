"""diaryctl backup, diaryctl restore: a whole installation in files, and back."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import click

from deploy.diaryctl.installation import SERVICES, WRITERS, Installation, open_installation
from deploy.diaryctl.output import console, fail, print_json
from deploy.diaryctl.progress import work_bar
from deploy.diaryctl.reseeding import reseed_of
from deploy.diaryctl.status import read_status
from deploy.keeping import backup as backups
from deploy.keeping.files import Damaged
from deploy.keeping.restore import From, NotEmpty, Restoring, WrongKey
from services.eventsourcing.clock import utc_now
from services.eventsourcing.log_copy_kafka import LogCopier
from services.eventsourcing.reseed import Astray, Busy
from services.eventsourcing.reseed_publish import Progress, Stopped
from services.eventsourcing.reseed_store import ReseedStore
from services.eventsourcing.signing import read_verifier

FOLDER = click.Path(file_okay=False, path_type=Path)
THERE = click.Path(exists=True, file_okay=False, path_type=Path)
KEY = click.Path(exists=True, dir_okay=False, path_type=Path)
PROCESSES = 2
PAUSE_SECONDS = 0.5


@click.command()
@click.argument("directory", type=FOLDER)
@click.option(
    "--vault-to", type=FOLDER, help="where the keys of personal values go; kept 30 days, never beside the rest"
)
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def backup(directory: Path, vault_to: Path | None, as_json: bool) -> None:
    """Back up the stores into a new folder of DIRECTORY while everything runs.

    Without the keys (--vault-to) no name can be read after a restore. Not in it: the secrets of the installation
    (master.key, seal.key), the log and the views, which are computed from the stores, and sessions.
    """
    if vault_to is not None and (vault_to.resolve() == directory.resolve()):
        fail("The keys go to another directory than the rest: together they are readable by whoever finds them.", 2)
    place, begun = open_installation(), time.monotonic()
    with work_bar("backup", "documents", not as_json) as progress:
        work = backups.BackingUp(source_of(place), place.settings("diary").signer, progress, utc_now())
        made = work.run(directory, vault_to)
    facts = {
        "backup": made[0].name,
        "documents": sum(part.documents for one in made for part in one.parts),
        "bytes": sum(part.size for one in made for part in one.parts),
        "keys": vault_to is not None,
        "seconds": round(time.monotonic() - begun, 1),
    }
    if as_json:
        print_json(facts)
        return
    console.print(f"{facts['backup']}: {facts['documents']} documents, {facts['bytes']:,} bytes, {facts['seconds']} s")
    if vault_to is None:
        console.print("The keys of personal values are not in it: --vault-to DIRECTORY, on another disk.")


@click.command()
@click.argument("directory", type=THERE)
@click.option("--vault-from", type=THERE, required=True, help="where the keys are; the newest whole backup is taken")
@click.option("--key", "key_file", type=KEY, help="the public key of the backup, when it is not this installation's")
@click.option("--verify-only", is_flag=True, help="check every file, change nothing")
@click.option("--processes", default=PROCESSES, show_default=True, type=click.IntRange(1, 16), help="that fill the log")
@click.option("--no-wait", is_flag=True, help="do not wait until the views are up to date")
@click.option("--yes", is_flag=True, help="do not ask")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def restore(
    directory: Path,
    vault_from: Path,
    key_file: Path | None,
    verify_only: bool,
    processes: int,
    no_wait: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Restore the newest backup in DIRECTORY into an empty installation that has its master.key.

    Start it without the demo school first (SCHOOLDIARY_DEMO=0). Interrupted, the same command goes on.
    """
    place = open_installation()
    verifier = read_verifier(key_file.read_bytes()) if key_file else place.settings("diary").signer.verifier
    try:
        stores, vault = (From(*backups.newest(one, verifier)) for one in (directory, vault_from))
        for one in (stores, vault):
            backups.verify(one.folder, one.backup)
    except Damaged as error:
        fail(f"The backup is not whole: {error}.")
    said = f"{stores.backup.name} with the keys of {vault.backup.name} is whole"
    if verify_only:
        return print_json({"backup": stores.backup.name, "keys": vault.backup.name}) if as_json else console.print(said)
    work = _restoring(place, stores, processes, as_json)
    if not yes:
        click.confirm(f"{said}. Load it into this installation?", abort=True, err=True)
    seconds = _run(place, work, stores, vault, as_json, not no_wait)
    if as_json:
        print_json({"backup": stores.backup.name, "seconds": seconds})
    else:
        console.print(f"{stores.backup.name} is back: " + ", ".join(f"{k} {v} s" for k, v in seconds.items()))


def source_of(place: Installation) -> backups.Source:
    """The databases of an installation."""
    settings = place.settings("diary")
    services = {service: place.db(service) for service in SERVICES}
    return backups.Source(services, place.client[settings.vault_database], settings.master_key)


def _restoring(place: Installation, stores: From, processes: int, as_json: bool) -> Restoring:
    fillings = {service: ReseedStore(place.db(service), f"{place.prefix}{service}.events") for service in WRITERS}

    def begin(service: str, epoch: int) -> None:
        topic = f"{place.prefix}{service}.events"
        fillings[service].begin(epoch, {})  # every reader stands at its beginning already
        fillings[service].created(place.log.topic_ids([topic])[topic])  # it is there and empty: nobody loses it

    def fill(service: str) -> None:
        if fillings[service].state() is None:
            return  # done before an interruption
        with work_bar(f"{service}.events", "commits", not as_json) as progress:
            _filled(place, service, processes, progress)

    work = Restoring(source_of(place), WRITERS, begin, fill)
    with closing(LogCopier(place.settings("diary").kafka)) as copier:
        records = sum(copier.ends(place.log.places(place.topics())).values())
    try:
        work.require_empty(records, stores.backup.name)
        work.require_keys(stores.backup)
    except NotEmpty as error:
        fail(f"This installation is not empty: {error}. Empty it (`make reset`), start it with SCHOOLDIARY_DEMO=0.")
    except WrongKey as error:
        fail(f"{error}. Put it into the secrets of this installation and start it again.")
    return work


def _filled(place: Installation, service: str, processes: int, progress: Progress) -> None:
    try:
        reseed_of(place, service, processes, progress).run(force=True)
    except (Busy, Astray, Stopped) as error:
        fail(f"{service}: {error}. Run the same command again, it goes on.")


def _run(
    place: Installation, work: Restoring, stores: From, vault: From, as_json: bool, wait: bool
) -> dict[str, float]:
    seconds: dict[str, float] = {}
    begun = time.monotonic()
    with work_bar("load", "documents", not as_json) as progress:
        try:
            work.load(stores, vault, progress)
        except (Busy, Damaged) as error:
            fail(f"{error}. Run the same command again, it begins anew.")
    seconds["load"] = round(time.monotonic() - begun, 1)
    work.fill()
    seconds["log"] = round(time.monotonic() - begun - seconds["load"], 1)
    if wait:
        _catch_up(place, as_json)
        seconds["views"] = round(time.monotonic() - begun - seconds["load"] - seconds["log"], 1)
    return seconds


def _catch_up(place: Installation, as_json: bool) -> None:
    """Wait until every reader has read everything; not for workers that do not run."""
    with work_bar("views and policies", "records", not as_json) as progress:
        total = 0
        while True:
            found = read_status(place)
            behind = sum(lag.events or 0 for lag in found.lags) + sum(found.unpublished.values())
            total = max(total, behind)
            progress(total - behind, total)
            if not behind or not any(loop.well for loop in found.loops):
                return
            time.sleep(PAUSE_SECONDS)
