"""What happens when a person is erased: an account, a pupil, a member of staff, a relative, by their id."""

from services.eventsourcing.message import Event


class ErasureRequested(Event, frozen=True, kw_only=True):
    """The keys of these classes are about to be destroyed. reason: an operator's words, without names."""

    person: str
    classes: tuple[str, ...]
    reason: str


class PersonErased(Event, frozen=True, kw_only=True):
    """The keys of these classes are destroyed: nothing sealed with them can be opened again, by anybody.

    `personal`: contacts, comments, reasons of absence, everything of an account. `record`: the names beside marks.
    kept: the classes that the law still keeps; marks are never sealed and stay under the id.
    """

    person: str
    classes: tuple[str, ...]
    kept: tuple[str, ...]


ErasureEvent = ErasureRequested | PersonErased
