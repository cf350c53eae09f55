"""diaryctl verify: store = log = views, proven or the first difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

import click

from deploy.diaryctl.installation import SERVICES, WRITERS, Installation, open_installation
from deploy.diaryctl.output import FAILED, console, fail, print_json, print_table
from deploy.diaryctl.progress import Report, work_bars
from deploy.diaryctl.projected import ALL
from services.diary.catalog import registry as diary
from services.eventsourcing.clock import stamp
from services.eventsourcing.registry import Registry
from services.eventsourcing.verifying.findings import KINDS, NOTICES, Findings
from services.eventsourcing.verifying.job import Catalogue, Job
from services.eventsourcing.verifying.selection import WHOLE, Selection
from services.eventsourcing.verifying.verify import Failed, Verified
from services.eventsourcing.verifying.verify import verify as prove
from services.eventsourcing.view import View
from services.gateway.console.verifications_store import Verification, Verifications
from services.identity.catalog import registry as identity
from services.notify.catalog import registry as notify

TITLES = {"store": "commits of the stores", "log": "records of the log"}
SAMPLE = "so many of the streams and of the documents; always the same ones"
SINCE = "commits from this moment (UTC) on; documents are made of all events and then not compared"
VIEWS = "compare the documents of this view only; may be given several times"
REGISTRIES: Mapping[str, Registry] = {"identity": identity, "diary": diary, "notify": notify}


@click.command()
@click.option("--sample", type=click.FloatRange(0, 100, min_open=True), default=WHOLE, metavar="PERCENT", help=SAMPLE)
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help=SINCE)
@click.option("--views", "names", multiple=True, metavar="NAME", help=VIEWS)
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def verify(sample: float, since: datetime | None, names: tuple[str, ...], as_json: bool) -> None:
    """Prove that stores, log and views say the same and that every hash chain is whole.

    It may run beside everything else, and writes nothing but its result for the operators' page. Exit code 1: something
    differs, the first of each kind is shown.
    """
    known = {one.view.name for one in ALL}
    if unknown := sorted(set(names) - known):
        fail(f"There is no view {unknown[0]}. There are: {', '.join(sorted(known))}.", 2)
    selection = Selection(sample, stamp(since.replace(tzinfo=UTC)) if since else "")
    place, whole = open_installation(), sample == WHOLE and not since and not names
    done = run(place, selection, frozenset(names), shown=not as_json)
    noted = Verification(datetime.now(UTC), round(done.seconds, 1), done.equal, whole, done.findings.counts)
    Verifications(place.db("gateway")).note(noted)
    if as_json:
        print_json(as_value(done))
    else:
        _show(done, whole=sample == WHOLE and not since)
    raise SystemExit(0 if done.equal else FAILED)


def run(place: Installation, selection: Selection, names: frozenset[str] = frozenset(), *, shown: bool) -> Verified:
    """Verify an installation."""
    services = {service: place.settings(service) for service in SERVICES}
    job = Job(services, WRITERS, catalogue, selection, names)
    with work_bars("", shown) as bar:
        bars: dict[str, Report] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = bar(TITLES[what])
            bars[what](done, total)

        try:
            return prove(job, progress)
        except Failed as error:
            fail(f"{error}. `./diaryctl doctor` says what is wrong.")


def catalogue() -> Catalogue:
    """Every view and every event type that this code knows."""
    views: dict[tuple[str, str], list[View]] = {}
    for one in ALL:
        views.setdefault((one.service, one.projector), []).append(one.view)
    types = {service: {entry.name: entry.schema for entry in registry} for service, registry in REGISTRIES.items()}
    return Catalogue(views, types)


def as_value(done: Verified) -> dict[str, object]:
    """For scripts."""
    findings = done.findings
    return {
        "equal": done.equal,
        "seconds": round(done.seconds, 1),
        "read": dict(done.read),
        "streams": done.streams,
        "documents": done.documents,
        "counts": dict(findings.counts),
        "differences": [asdict(one) for one in findings.ordered()],
        "notices": dict(findings.notices),
        "examples": dict(findings.examples),
    }


def _show(done: Verified, whole: bool) -> None:
    findings = done.findings
    rows = [(name, f"{count:,}") for name, count in sorted(done.read.items())]
    rows += [("streams compared", f"{done.streams:,}"), ("documents compared", f"{done.documents:,}")]
    print_table("Read", ("what", "how many"), rows)
    told = [(NOTICES[kind], count, findings.examples.get(kind, "")) for kind, count in findings.notices.items()]
    if told:
        print_table("To know", ("what", "how many", "as"), told)
    if done.equal:
        part = "" if whole else " in what was looked at"
        console.print(f"Stores, log and views say the same{part}: {done.seconds:.1f} s")
        return
    _show_differences(findings)
    first = findings.ordered()[0]
    console.print(f"First difference: {KINDS[first.kind]}: {first.where}")
    console.print(f"  should be  {first.expected}", markup=False)
    console.print(f"  is         {first.found}", markup=False)


def _show_differences(findings: Findings) -> None:
    print_table("Differences", ("kind", "how many", "what it is"),
                [(kind, findings.counts[kind], KINDS[kind]) for kind in KINDS if findings.counts[kind]])  # fmt: skip
    rows = [(one.kind, one.where, one.expected, one.found) for one in findings.ordered()]
    print_table("The first of each kind", ("kind", "where", "should be", "is"), rows)
