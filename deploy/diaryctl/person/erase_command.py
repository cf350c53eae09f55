"""diaryctl person erase: what is shown before, asked, and told afterwards."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from pathlib import Path

import click

from deploy.diaryctl.installation import Installation, open_installation
from deploy.diaryctl.output import console, fail, print_json, print_table
from deploy.diaryctl.person import archive
from deploy.diaryctl.person.asking import WRONG_USE, refuse_unknown, spinner, write_to
from deploy.diaryctl.person.certificate import facts
from deploy.diaryctl.person.certificate_paper import print_certificate
from deploy.diaryctl.person.erasing import Erased, Erasing, NamedInReason, Wish, check_reason
from deploy.diaryctl.person.finding import accounts_of_address
from deploy.diaryctl.person.following import NotFollowed
from deploy.diaryctl.person.known import Known
from deploy.diaryctl.person.law import classes_to_erase, kept_rules
from deploy.local.home import home

CERTIFICATE = "erasure"


@click.command()
@click.argument("persons", nargs=-1, required=True, metavar="ID...")
@click.option("--reason", required=True, help="why; it stays in the log for ever, so it may name nobody")
@click.option("--keep-by-law", is_flag=True, help="keep the names beside marks that the school must keep")
@click.option("--operator", default=getpass.getuser, show_default="the user of the system", help="who does it")
@click.option("--out", type=click.Path(path_type=Path), help="where the certificate goes: a folder or a zip")
@click.option("--dry-run", is_flag=True, help="show what would be erased and change nothing")
@click.option("--yes", is_flag=True, help="do not ask to type the id")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def erase(
    persons: tuple[str, ...],
    reason: str,
    keep_by_law: bool,
    operator: str,
    out: Path | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Make everything about ID unreadable, everywhere and for ever, and certify it.

    Somebody who is a pupil and has an account has two ids: give both. Interrupted, it goes on when called again.
    """
    place = open_installation()
    wish = Wish(tuple(dict.fromkeys(persons)), classes_to_erase(keep_by_law), reason.strip(), operator)
    with spinner(as_json) as say:
        work = erasing(place)
        work.say = say
        known = work.known(wish.persons)
    refuse_unknown(known)
    try:
        check_reason(wish.reason, known)
    except NamedInReason as error:
        fail(f"The reason holds the person's {error}: it would stay in the log for ever. Say it without.", WRONG_USE)
    if not as_json or dry_run:
        _announce(work, wish, known, as_json)
    if dry_run:
        return
    if not yes:
        _confirm(wish)
    try:
        with spinner(as_json) as work.say:
            done = work.run(wish)
    except NotFollowed as error:
        fail(
            f"The keys are destroyed, but these have not followed yet: {error}. "
            "Look at `diaryctl status`, then call the same command again."
        )
    path = _write(place, done, out)
    _tell(done, path, as_json)
    raise SystemExit(0 if done.clean else 1)


def erasing(place: Installation) -> Erasing:
    """The work over an installation, with the folders of one on this machine."""
    local = home()
    written = [
        local.log,
        local.outbox,
        local.demo,
        local.root / "mongo" / "mongod.log",
        local.root / "kafka" / "kafka.log",
    ]
    return Erasing(place, local, [path for path in written if path.exists()])


def _announce(work: Erasing, wish: Wish, known: list[Known], as_json: bool) -> None:
    kept = [{"what": rule.what["en"], "why": rule.why["en"]} for rule in kept_rules(wish.classes)]
    rows = [
        {"person": one.person, "class": of, "field": name, "values": count}
        for one in known
        for (of, name), count in one.counted().items()
        if of in wish.classes
    ]
    others = sorted(_namesakes_by_address(work, known) - set(wish.persons))
    if as_json:
        persons = [{"person": one.person, "roles": one.roles, "events": len(one.events)} for one in known]
        print_json({"persons": persons, "classes": wish.classes, "erased": rows, "kept": kept, "others": others})
        return
    for one in known:
        unfinished = " An erasure was begun and not finished." if work.state(one.person).unfinished else ""
        console.print(f"{one.person}: {', '.join(one.roles) or 'known by id'}, {len(one.events)} events.{unfinished}")
    if others:
        console.print(f"Registered with the same address: {', '.join(others)}. Give these ids as well.")
    print_table("Becomes unreadable", ("person", "class", "field", "values"), [tuple(row.values()) for row in rows])
    print_table("Stays", ("what", "why"), [tuple(rule.values()) for rule in kept])
    console.print("Secrets, sessions, links, slips, waiting and stored mails of the person are deleted as well.")
    console.print("Former generations of views are dropped: there is no way back to them.\n")


def _namesakes_by_address(work: Erasing, known: list[Known]) -> set[str]:
    """Accounts that were registered with an address of these persons, confirmed or not."""
    addresses = {address for one in known for address in one.texts("email")}
    return {account for address in addresses for account in accounts_of_address(work.place, address)}


def _confirm(wish: Wish) -> None:
    for one in wish.persons:
        if click.prompt(f"This cannot be undone. Type the id {one} to erase", err=True).strip() != one:
            fail("That is not the id. Nothing was changed.", WRONG_USE)


def _write(place: Installation, done: Erased, out: Path | None) -> Path:
    settings = place.settings("ops")
    told = facts(done, settings.portal_url)
    key = settings.signer.verifier.id
    files = {f"certificate-{lang}.pdf": print_certificate(told, lang, key) for lang in ("ru", "en")}
    packed = archive.pack(CERTIFICATE, {"facts": told}, files, settings.signer)
    name = f"erasure-{'-'.join(done.wish.persons[:3])}-{done.at:%Y%m%dT%H%M%SZ}.zip"
    return write_to(out, name, packed)


def _tell(done: Erased, path: Path, as_json: bool) -> None:
    if as_json:
        print_json({"clean": done.clean, "certificate": str(path), "search": asdict(done.found), "mails": done.mails})
        return
    for outcome in done.outcomes:
        console.print(f"{outcome.before.person}: {outcome.closed} sealed values do not open any more")
    found = done.found
    looked = f"{found.documents} documents, {found.records} records, {found.files} files"
    said = f"{done.needles} former values searched in {looked}: {len(found.places)} places readable"
    console.print(said, soft_wrap=True)
    print_table("Still readable", ("person", "where"), sorted(set(found.places)))
    console.print(f"certificate: {path}", soft_wrap=True)
