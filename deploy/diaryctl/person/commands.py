"""diaryctl person: find, export, erase, check."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from deploy.diaryctl.installation import open_installation
from deploy.diaryctl.output import console, fail, print_json, print_table
from deploy.diaryctl.person import archive
from deploy.diaryctl.person.asking import WRONG_USE, refuse_unknown, spinner, write_to
from deploy.diaryctl.person.erase_command import erase
from deploy.diaryctl.person.exporting import files_of
from deploy.diaryctl.person.finding import find as find_persons
from deploy.diaryctl.person.known import know
from deploy.diaryctl.person.portable import data_of, diary_of, page_of
from deploy.diaryctl.person.unfinished import destroy_again
from services.eventsourcing.core import open_vault
from services.eventsourcing.signing import read_verifier

EXPORT = "person-export"
DIARY = "portable-diary"


@click.group()
def person() -> None:
    """A person: an account, a pupil, a member of staff, a relative, by their id."""


@person.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def find(text: str, as_json: bool) -> None:
    """Everybody whom TEXT fits: an id, a login, an e-mail address, or beginnings of names."""
    place = open_installation()
    found = find_persons(place, open_vault(place.settings("identity")), text)
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        print_table("Persons", ("id", "role", "name"), [(one.person, one.role, one.name) for one in found])
    raise SystemExit(0 if found else 1)


@person.command()
@click.argument("id")
@click.option("--out", type=click.Path(path_type=Path), help="the folder to write into; this one by default")
@click.option("--lang", type=click.Choice(["ru", "en"]), default="ru", show_default=True, help="of the diary's page")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def export(id: str, out: Path | None, lang: str, as_json: bool) -> None:
    """Write everything about ID as a signed archive, and for a pupil the portable diary as another.

    Both hold personal data in clear: hand them over and delete them.
    """
    place = open_installation()
    with spinner(as_json) as say:
        say("reading")
        vault, signer = open_vault(place.settings("identity")), place.settings("ops").signer
        known = know(place, vault, id)
        refuse_unknown([known])
        told = {"person": id, "roles": known.roles, "installation": place.settings("ops").portal_url}
        counts = {"events": len(known.events), "values": len(known.values)}
        everything = archive.pack(EXPORT, told | counts, files_of(place, vault, known), signer)
        written = [write_to(out, f"export-{id}.zip", everything)]
        diary = diary_of(place, id, datetime.now().astimezone().date())
        if diary is not None:
            files = {"diary.html": page_of(diary, lang), "diary.json": data_of(diary)}
            written.append(write_to(out, f"diary-{id}.zip", archive.pack(DIARY, told, files, signer)))
    if as_json:
        print_json({"person": id, "roles": known.roles, **counts, "files": [str(path) for path in written]})
    else:
        for path in written:
            console.print(str(path), soft_wrap=True)


@person.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="the public key to trust")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def check(file: Path, key: Path | None, as_json: bool) -> None:
    """Is FILE (an export, a diary, a certificate) what a school has signed? Needs no installation.

    Without --key the enclosed key is used: compare its name with the one that the school publishes.
    """
    try:
        trusted = read_verifier(key.read_bytes()) if key else None
    except ValueError as error:
        fail(f"{key}: {error}.", WRONG_USE)
    try:
        found = archive.check(file, trusted)
    except archive.NotGenuine as error:
        if as_json:
            print_json({"genuine": False, "why": str(error)})
        fail(f"{file} is NOT genuine: {error}.")
    told = found.manifest
    if as_json:
        print_json({"genuine": True, "key": found.key.id, "trusted": bool(key), "manifest": told})
        return
    said = f"{told['kind']} of {told['made']}, {len(told['files'])} files, none changed"
    console.print(f"{file} is genuine: {said}.", soft_wrap=True)
    console.print(f"Signed with the key {found.key.id}." + ("" if key else " Compare it with the one of the school."))


@person.command()
@click.option("--yes", is_flag=True, help="do not ask")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def reapply(yes: bool, as_json: bool) -> None:
    """Destroy the keys of everybody who was erased once more: after a backup of the vault was restored."""
    place = open_installation()
    if not yes:
        click.confirm("Destroy again the keys of everybody whose erasure the store knows?", abort=True, err=True)
    persons, keys = destroy_again(place, open_vault(place.settings("identity")))
    if as_json:
        print_json({"persons": persons, "keys": keys})
    else:
        console.print(f"{persons} persons were erased; {keys} of their keys were there again and are destroyed now")


person.add_command(erase)
