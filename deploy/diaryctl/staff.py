"""diaryctl staff: first passwords for the staff door."""

from __future__ import annotations

import time

import click
import requests

from deploy.diaryctl.installation import Installation, open_installation
from deploy.diaryctl.output import fail, print_json, print_table
from services.diary.catalog import registry
from services.diary.names import Name
from services.diary.service import Diary
from services.diary.staff.commands import AppointStaff
from services.eventsourcing.clock import stamp, utc_now
from services.eventsourcing.core import open_core
from services.eventsourcing.ids import new_id
from services.eventsourcing.message import Meta
from services.eventsourcing.store_mongo import COMMITS, read_commit
from services.eventsourcing.tokens import Caller, ServiceTokens

TIMEOUT = (2, 60)
CITY = "city"  # operators work at no school
OPERATOR = "operator"
FIELDS = ("person", "school", "roles", "position")
KNOWN_SECONDS = 20
PAUSE_SECONDS = 0.2


@click.group()
def staff() -> None:
    """Members of staff."""


@staff.command()
@click.argument("persons", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def passwords(persons: tuple[str, ...], as_json: bool) -> None:
    """Give PERSONS one-time passwords for the staff door; earlier passwords end at once.

    `diaryctl staff list` shows the ids.
    """
    given = give_passwords(open_installation(), list(persons))
    if as_json:
        print_json(given)
    else:
        rows = [(one["login"], one["password"]) for one in given]
        print_table("One-time passwords: hand them over in person", ("login", "password"), rows)
    unknown = sorted(set(persons) - {one["person"] for one in given})
    if unknown:
        fail(f"Nobody on the staff has the id {', '.join(unknown)}.")


@staff.command("list")
@click.option("--school", help="only of this school, by its id")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def list_staff(school: str | None, as_json: bool) -> None:
    """Everybody who works at a school, with ids and roles. Names are shown by the pages of their schools only."""
    place = open_installation()
    rows = [one for one in read_staff(place) if school in (None, one["school"])]
    if as_json:
        print_json(rows)
    else:
        print_table("Staff", tuple(FIELDS), [tuple(row[name] for name in FIELDS) for row in rows])


@staff.command()
@click.argument("last_name")
@click.argument("first_name")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def operator(last_name: str, first_name: str, as_json: bool) -> None:
    """Give LAST_NAME FIRST_NAME the operators' page of the portal, and a one-time password for the staff door."""
    place = open_installation()
    person = new_id()
    settings = place.settings("diary")
    core = open_core(settings, registry)
    meta = Meta("operator:diaryctl", new_id(), stamp(utc_now()))
    Diary(core.executor).run(AppointStaff(person, CITY, Name(last_name, first_name, None), (OPERATOR,)), meta)
    given = _when_known(place, person)
    if as_json:
        print_json(given)
    else:
        rows = [(one["login"], one["password"]) for one in given]
        print_table("Sign in at the staff door and choose a password", ("login", "one-time password"), rows)


def read_staff(place: Installation) -> list[dict[str, str]]:
    """What the last StaffAppointed of each person says: [{person, school, roles, position}], without those who left."""
    found: dict[str, dict[str, str]] = {}
    appointed = {"_id": {"$gt": {"s": "staff-"}, "$lt": {"s": "staff."}}}  # "." follows "-": every name that begins so
    for document in place.db("diary")[COMMITS].find(appointed, sort=[("_id", 1)]):
        for event in read_commit(document).recorded():
            person = event.data["person"]
            if event.type == "StaffAppointed":
                facts = {"school": event.data["school"], "position": event.data["position"] or ""}
                found[person] = {"person": person, **facts, "roles": ", ".join(event.data["roles"])}
            elif event.type == "StaffLeft":
                found.pop(person, None)
    return sorted(found.values(), key=lambda one: (one["school"], one["person"]))


def _when_known(place: Installation, person: str) -> list[dict[str, str]]:
    """Identity hears of the appointment through the log: a moment later."""
    deadline = time.monotonic() + KNOWN_SECONDS
    while not (given := give_passwords(place, [person])):
        if time.monotonic() > deadline:
            fail(
                "The account is not there yet: identity's worker does not run? Later: diaryctl staff passwords "
                + person
            )
        time.sleep(PAUSE_SECONDS)
    return given


def give_passwords(place: Installation, persons: list[str]) -> list[dict[str, str]]:
    """Ask identity for one-time passwords: [{person, login, password}]."""
    settings = place.settings("identity")
    token = ServiceTokens(settings.service_secret).issue("identity", Caller("operator", "", "diaryctl"))
    with requests.Session() as session:
        session.trust_env = False  # passwords never go through a proxy of the environment
        answer = session.post(
            f"{settings.identity_url}/staff/passwords",
            json={"persons": persons},
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
        )
    if not answer.ok:
        fail(f"identity refused: {answer.json().get('detail', answer.text)}")
    given: list[dict[str, str]] = answer.json()["passwords"]
    return given
