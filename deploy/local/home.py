"""The data directory of one instance."""

import os
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Home:
    """Where everything of an instance lives; nothing is written anywhere else but in the cache of jars."""

    root: Path

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def state(self) -> Path:
        return self.root / "run.json"

    @property
    def lock(self) -> Path:
        return self.root / "run.lock"

    @property
    def demo(self) -> Path:
        """Written by the loader of the demo school: who can sign in where."""
        return self.root / "demo.json"

    @property
    def demo_loaded(self) -> Path:
        return self.root / "demo.loaded"

    def own(self) -> list[Path]:
        """What `reset` deletes; other files in the directory are not ours."""
        data = [self.root / "kafka", self.root / "mongo", self.root / "metrics"]
        return [*data, self.log, self.secrets, self.outbox, self.state, self.lock, self.demo, self.demo_loaded]


def home() -> Home:
    """SCHOOLDIARY_HOME, else var/ of the repository."""
    return Home(Path(os.environ.get("SCHOOLDIARY_HOME") or REPOSITORY / "var").resolve())
