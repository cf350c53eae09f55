"""diaryctl staff: first passwords for the staff door."""

from __future__ import annotations

import click
import requests

from deploy.diaryctl.installation import Installation, open_installation
from deploy.diaryctl.output import fail, print_json, print_table
from services.eventsourcing.tokens import Caller, ServiceTokens

TIMEOUT = (2, 60)


@click.group()
def staff() -> None:
    """Members of staff."""


@staff.command()
@click.argument("persons", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def passwords(persons: tuple[str, ...], as_json: bool) -> None:
    """Give PERSONS one-time passwords for the staff door; earlier passwords end at once.

    A person's id is in StaffAppointed events: `diaryctl events tail --type StaffAppointed -n 1000`.
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
