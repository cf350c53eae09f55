"""A small service for tests of the library: books with pages, readers with names, a shelf as its view."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Annotated, Any, assert_never
from zlib import crc32

from services.eventsourcing.clock import stamp
from services.eventsourcing.decider import Decider, Refused
from services.eventsourcing.message import Event, Meta, Personal, Recorded
from services.eventsourcing.registry import Registry
from services.eventsourcing.store import Stored
from services.eventsourcing.view import Doc
from tests.kit.clock import MORNING


class PageWritten(Event):
    """A page was added."""

    book: str
    text: str


class ReaderNamed(Event):
    """Somebody reads the book."""

    book: str
    reader: str
    name: Annotated[str | None, Personal("reader")]


class BookEmptied(Event):
    """All pages and readers are gone."""

    book: str


@dataclass(frozen=True)
class Write:
    """Add pages, in one commit."""

    book: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class NameReader:
    """Say who reads."""

    book: str
    reader: str
    name: str


@dataclass(frozen=True)
class EmptyBook:
    """Throw everything out."""

    book: str


@dataclass(frozen=True)
class Book:
    """What a book remembers."""

    pages: tuple[str, ...] = ()
    names: dict[str, str | None] = field(default_factory=dict)


def decide(command: Write | NameReader | EmptyBook, book: Book) -> list[Event]:
    """A page stands once in a book; an empty book is not emptied again."""
    match command:
        case Write(texts=texts) if set(texts) & set(book.pages):
            raise Refused("page-exists", "The page {page} is written already.", page=texts[0])
        case Write(book=name, texts=texts):
            return [PageWritten(book=name, text=text) for text in texts]
        case NameReader(book=name, reader=reader, name=who):
            return [ReaderNamed(book=name, reader=reader, name=who)]
        case EmptyBook(book=name):
            return [BookEmptied(book=name)] if book.pages else []
    assert_never(command)


def evolve(book: Book, event: PageWritten | ReaderNamed | BookEmptied) -> Book:
    """The book after an event."""
    match event:
        case PageWritten(text=text):
            return replace(book, pages=(*book.pages, text))
        case ReaderNamed(reader=reader, name=name):
            return replace(book, names={**book.names, reader: name})
        case BookEmptied():
            return Book()
    assert_never(event)


book = Decider("book", Book(), decide, evolve)


def registry() -> Registry:
    """All events of the toy service."""
    made = Registry("diary")
    made.event("PageWritten", 1, PageWritten)
    made.event("ReaderNamed", 1, ReaderNamed, about=("reader",))
    made.event("BookEmptied", 1, BookEmptied)
    return made


class Shelf:
    """A document per book. A page with the text `poison` cannot be folded while `allergic`."""

    version = 1
    types = {"PageWritten": 1, "ReaderNamed": 1, "BookEmptied": 1}

    def __init__(self, name: str = "shelf", poison: str = "poison", allergic: bool = True) -> None:
        self.name = name
        self.poison = poison
        self.allergic = allergic

    def touches(self, event: Recorded) -> Iterable[str]:
        """The book's document."""
        return [event.data["book"]]

    def evolve(self, key: str, doc: Doc, event: Recorded) -> None:
        """Pages in order, names by reader, nothing once emptied."""
        if event.type == "BookEmptied":
            doc.clear()
        elif event.type == "PageWritten":
            if self.allergic and event.data["text"] == self.poison:
                raise ValueError("this page cannot be read")
            doc.setdefault("pages", []).append(event.data["text"])
        else:
            doc.setdefault("names", {})[event.data["reader"]] = event.data["name"]


class Rows(Shelf):
    """Documents that streams of several partitions touch: a row of books. Names of readers do not stand there."""

    types = {"PageWritten": 1, "BookEmptied": 1}

    def __init__(self) -> None:
        super().__init__("rows")

    def touches(self, event: Recorded) -> Iterable[str]:
        """The row a book stands in."""
        return [f"row-{crc32(event.data['book'].encode()) % 2}"]

    def evolve(self, key: str, doc: Doc, event: Recorded) -> None:
        """Each book's pages under its name, so that the order of books does not matter."""
        if event.type == "BookEmptied":
            doc.pop(event.data["book"], None)
        else:
            doc.setdefault(event.data["book"], []).append(event.data["text"])


_numbers = count(1)


def asked(command: str = "", **changes: Any) -> Meta:
    """A request's meta; each has a command id of its own unless one is named."""
    made = Meta(actor="staff:t1", command=command or f"command-{next(_numbers)}", at=stamp(MORNING))
    return replace(made, **changes)


def page(text: str = "a page", book: str = "b1") -> Stored:
    """A page as a store keeps it."""
    return Stored("PageWritten", 1, {"book": book, "text": text})


def written(version: int, text: str = "", *, book: str = "b1", **changes: Any) -> Recorded:
    """A page as a reader of the log sees it: one event per commit unless told otherwise."""
    values: dict[str, Any] = {
        "stream": f"book-{book}",
        "version": version,
        "type": "PageWritten",
        "schema": 1,
        "data": {"book": book, "text": text or f"page {version}"},
        "at": stamp(MORNING),
        "commit": version,
        "commit_last": version,
        "actor": "staff:t1",
        "command": f"write-{book}-{version}",
    }
    return Recorded(**{**values, **changes})
