"""Starts an instance, keeps it alive, stops it in order."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace

from deploy.local import demo, state, welcome
from deploy.local.children import Children
from deploy.local.instance import Instance
from deploy.local.screen import Screen
from deploy.local.startup import start_all

LOOK_SECONDS = 0.2
SERVICE_STOP_SECONDS = 15
SERVER_STOP_SECONDS = 30
SERVERS = ("kafka", "mongod")


def supervise(instance: Instance, screen: Screen, *, greets: bool) -> None:
    """Runs the instance until SIGINT or SIGTERM. Needs the main thread. `greets` shows addresses and sign-ins."""
    with state.exclusive(instance.home), _stoppable():
        for name in state.end_leftovers(instance.home):
            screen.say(f"  --  {name} was left over from a killed run; it was ended")
        instance.ports.require_free()
        board = _Board(instance)
        children = Children(screen.say, board.show_children)
        try:
            start_all(instance, children, screen)
            demo.load_once(instance, children, screen)
            if greets:
                welcome.show(instance, screen)
            board.show_ready()  # last: `make up` shows what was said before and ends
            while True:
                children.watch()
                time.sleep(LOOK_SECONDS)
        except KeyboardInterrupt:
            screen.say("\nStopping")
        finally:
            _stop(children)
            instance.home.state.unlink(missing_ok=True)
        screen.say("Stopped")


class _Board:
    """Keeps run.json up to date."""

    def __init__(self, instance: Instance) -> None:
        self._home = instance.home
        me = state.Process.of("supervisor", os.getpid())
        self._state = state.State(me, instance.portal, instance.outbox)
        state.write(self._home, self._state)

    def show_children(self, children: list[state.Process]) -> None:
        self._write(replace(self._state, children=children))

    def show_ready(self) -> None:
        self._write(replace(self._state, ready=True))

    def _write(self, new: state.State) -> None:
        self._state = new
        state.write(self._home, new)


def _stop(children: Children) -> None:
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_IGN)  # an impatient second Ctrl-C must not leave a server behind
    children.stop([name for name in children.names() if name not in SERVERS], SERVICE_STOP_SECONDS)
    for server in SERVERS:
        children.stop([server], SERVER_STOP_SECONDS)


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    signs = (signal.SIGINT, signal.SIGTERM)  # SIGINT is ignored in what a script starts in the background
    before = [signal.signal(sign, signal.default_int_handler) for sign in signs]
    try:
        yield
    finally:
        for sign, handler in zip(signs, before, strict=True):
            signal.signal(sign, handler)
