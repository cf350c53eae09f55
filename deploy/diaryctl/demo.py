"""diaryctl demo: a school to look at."""

from __future__ import annotations

import os

import click

from deploy.demo.load import load as load_demo
from deploy.diaryctl.importing import progress_bar
from deploy.diaryctl.installation import open_installation
from deploy.diaryctl.output import console, print_table
from deploy.local.home import home


@click.group()
def demo() -> None:
    """The demonstration school."""


@demo.command()
@click.option("--seed", default=7, show_default=True, help="another number is another school")
@click.option("--lang", type=click.Choice(["ru", "en"]), default=lambda: os.environ.get("SD_LANG", "ru"))
@click.option("--quiet", is_flag=True, help="do not print the sign-ins")
def load(seed: int, lang: str, quiet: bool) -> None:
    """Load the demonstration school of this day: people, timetable, a quarter of lessons. Twice is once."""
    place = open_installation()
    with progress_bar("demo school", True) as progress:
        loaded = load_demo(place.settings, seed=seed, lang=lang, progress=progress)
    loaded.write(home().demo)
    console.print(f"{loaded.lessons} lessons entered")
    if quiet:
        return
    rows = [(one.who, one.login, one.password, one.where) for one in loaded.sign_ins]
    print_table("Sign in with", ("who", "login", "password", "where"), rows)
