"""The past of the pages: every stream's events as they came, found by the page documents they touch.

Pages as they were are folded from these events by the very views that keep the present documents. A stream is one
document, `{keys, lines}`: the page documents it touches as `<view>/<id>`, and a line of JSON for each event, personal
values closed. One command changes one stream, so it costs one document here, however many pupils' pages it touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

import msgspec

from services.eventsourcing.message import Recorded
from services.eventsourcing.view import Doc, View
from services.gateway.fold import Change
from services.gateway.pages.journal.view import JOURNAL
from services.gateway.pages.school.view import SCHOOL
from services.gateway.pages.week.view import WEEK

# Who may look is decided by the present alone, so the documents of access have no past.
PAGES: Mapping[str, View] = {view.name: view for view in (WEEK, JOURNAL, SCHOOL)}


class Line(msgspec.Struct, frozen=True, array_like=True):
    """One event; `keys` are the places of the touched documents in the stream's list of them."""

    version: int
    type: str
    schema: int
    at: str
    actor: str
    keys: tuple[int, ...]
    data: msgspec.Raw


_encode = msgspec.json.Encoder().encode
_lines = msgspec.json.Decoder(Line)
_data = msgspec.json.Decoder(dict[str, Any])


class Past:
    """See services.eventsourcing.view.View: a document is a stream."""

    name = "past"
    sealed = True
    of_streams = True
    indexes = ("keys",)

    def __init__(self, pages: Iterable[View]) -> None:
        self._pages = tuple(pages)
        # A raised version of a page may mean that an event touches other documents, and raises this one as well.
        self.version = 1 + sum(view.version for view in self._pages)
        self.types: Mapping[str, int] = {name: schema for view in self._pages for name, schema in view.types.items()}

    def changes(self, event: Recorded) -> Mapping[str, Change]:
        """See View."""
        concerned = [view for view in self._pages if event.type in view.types]
        touched = [key_of(view.name, key) for view in concerned for key in view.touches(event)]

        def keep(doc: Doc) -> None:
            known: list[str] = doc.setdefault("keys", [])
            places = [_place(known, key) for key in touched]
            line = (event.version, event.type, event.schema, event.at, event.actor, places, event.data)  # see Line
            doc["lines"] = doc.get("lines", b"") + _encode(line) + b"\n"

        return {event.stream: keep}

    def touches(self, event: Recorded) -> Iterable[str]:
        """See View."""
        return (event.stream,)

    def evolve(self, key: str, doc: Doc, event: Recorded) -> None:
        """See View."""
        self.changes(event)[key](doc)


PAST = Past(PAGES.values())


def key_of(view: str, id: str) -> str:
    """How a page document is named among a stream's keys."""
    return f"{view}/{id}"


def events_of(stream: str, doc: Doc, wanted: Set[str], until: str) -> list[Recorded]:
    """The events of a stream that touch a wanted document, up to the stamp `until`, itself included.

    A stream's past is a beginning of it: what was decided after an event is later than the event, whatever the clocks
    of two machines said.
    """
    places = {place for place, key in enumerate(doc["keys"]) if key in wanted}
    found: list[Recorded] = []
    for line in _lines.decode_lines(doc["lines"]):
        if line.at > until:
            break
        if not places.isdisjoint(line.keys):
            found.append(_recorded(stream, line))
    return found


def first_of(doc: Doc, key: str) -> str | None:
    """When the stream touched a document first."""
    place = doc["keys"].index(key) if key in doc["keys"] else None
    return next((line.at for line in _lines.decode_lines(doc["lines"]) if place in line.keys), None)


def _recorded(stream: str, line: Line) -> Recorded:
    return Recorded(stream, line.version, line.type, line.schema, _data.decode(line.data), line.at, actor=line.actor)


def _place(known: list[str], key: str) -> int:
    try:
        return known.index(key)
    except ValueError:
        known.append(key)
        return len(known) - 1
