"""What can be asked about erasing a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestErasure:
    """Destroy the keys of these classes."""

    person: str
    classes: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class CompleteErasure:
    """The keys of everything that was requested are destroyed, and no process remembers them."""

    person: str


Command = RequestErasure | CompleteErasure
