"""The instance in the background: up, down, reset."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from deploy.local import state
from deploy.local.errors import CannotStart
from deploy.local.home import REPOSITORY, Home
from deploy.local.waiting import PAUSE

DOWN_SECONDS = 90


def up(home: Home) -> None:
    """Starts a supervisor of its own session, shows its output, returns when the instance is ready."""
    log = home.log / "supervisor.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "run", "--background"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=REPOSITORY,
            start_new_session=True,
        )
    try:
        _follow(log, child, home)
    except KeyboardInterrupt:
        child.terminate()
        child.wait(DOWN_SECONDS)
        raise


def down(home: Home) -> bool:
    """Stops the instance and waits for its end; False when none was running."""
    current = state.running(home)
    process = current.supervisor.find() if current else None
    if process is None:
        return bool(state.end_leftovers(home))
    process.terminate()
    process.wait(DOWN_SECONDS)
    return True


def delete(home: Home) -> None:
    """Removes all data of an instance that does not run."""
    with state.exclusive(home):
        state.end_leftovers(home)
        for path in home.own():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _follow(log: Path, child: subprocess.Popen[bytes], home: Home) -> None:
    with log.open() as lines:
        while True:
            ended, ready = child.poll() is not None, _ready(home, child)
            print(lines.read(), end="", flush=True)
            if ended:
                raise CannotStart(f"The start failed (log: {log}).")
            if ready:
                return
            time.sleep(PAUSE)


def _ready(home: Home, child: subprocess.Popen[bytes]) -> bool:
    current = state.read(home)
    return bool(current and current.ready and current.supervisor.pid == child.pid)
