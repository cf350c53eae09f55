"""What the user sees while the system starts: a spinner in a terminal, plain lines elsewhere."""

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console

Detail = Callable[[str], None]


class Screen:
    """Writes to standard output."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """One line (or several) as it is."""
        self._console.print(text, markup=False)

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[Detail]:
        """Shows that `title` is going on, then how long it took; the value given shows details meanwhile."""
        begun = time.monotonic()
        if self._console.is_terminal:
            with self._console.status(title) as status:
                yield lambda text: status.update(f"{title}: {text}")
        else:
            self.say(f"  ... {title}")
            yield lambda text: self.say(f"      {text}")
        self.say(f"  ok  {title} ({time.monotonic() - begun:.1f} s)")
