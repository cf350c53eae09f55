"""What a user needs to know once the system runs."""

from deploy.local import demo
from deploy.local.instance import Instance
from deploy.local.screen import Screen


def show(instance: Instance, screen: Screen) -> None:
    """Addresses and the sign-ins of the demo school."""
    rows = [
        ("Portal for families", instance.portal),
        ("Staff door", f"{instance.portal}/staff"),
        ("Outgoing mail", instance.outbox),
    ]
    screen.say("\nSchool Diary is ready.\n" + "\n".join(f"  {what:<22}{where}" for what, where in rows))
    logins = demo.sign_ins(instance.home)
    if logins:
        screen.say("\nSign-ins of the demo school:")
    for login in logins:
        who = f"{login.get('who', '')}: {login.get('login', '')} / {login.get('password', '')}"
        screen.say(f"  {who}  {login.get('where', '')}")
    screen.say(
        "\nOne copy of everything: safe against killed processes, not against a lost disk."
        "\nCtrl-C or `make down` stops it, the data stay."
    )
