"""The demo school: loaded once into a new instance, its sign-ins shown at every start."""

import json
import os
import sys
from importlib.util import find_spec

from deploy.local.children import Children
from deploy.local.environment import operator_environment
from deploy.local.errors import CannotStart
from deploy.local.home import Home
from deploy.local.instance import Instance
from deploy.local.jobs import run_shown
from deploy.local.screen import Screen

SWITCH = "SCHOOLDIARY_DEMO"  # 0 leaves a new instance empty


def load_once(instance: Instance, children: Children, screen: Screen) -> None:
    """Loads the demo school unless that was done before or is not wanted."""
    if instance.home.demo_loaded.exists() or os.environ.get(SWITCH) == "0" or not find_spec("deploy.diaryctl"):
        return
    screen.say("  ... Demo school (the first start only)")
    command = [sys.executable, "-m", "deploy.diaryctl", "demo", "load", "--quiet"]
    if not run_shown(command, {**os.environ, **operator_environment(instance)}, children.watch):
        raise CannotStart(f"The demo school could not be loaded. To start without it: {SWITCH}=0 make run")
    instance.home.demo_loaded.touch()


def sign_ins(home: Home) -> list[dict[str, str]]:
    """Who can sign in where, as the loader wrote it down."""
    try:
        logins = json.loads(home.demo.read_text())["logins"]
    except (OSError, ValueError, KeyError):
        return []
    return [dict(login) for login in logins]
