"""A store as operators browse it: commits of a stream or about a person, contents masked unless opened."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

import msgspec
from flask import Blueprint, Response, request

from services.eventsourcing.problems import Problem
from services.eventsourcing.search import MASK
from services.eventsourcing.store import Commit
from services.eventsourcing.store_mongo import MongoStore
from services.eventsourcing.vault import Vault
from services.eventsourcing.web import answer, only

MOST = 200


def browser(store: MongoStore, vault: Vault) -> Blueprint:
    """GET /commits?stream=&person=&after=&opened=: {commits, more}. Whoever opens contents has noted why before."""
    pages = Blueprint("browsing", __name__)

    @pages.get("/commits")
    def commits() -> Response:
        only("operator")
        stream, person = request.args.get("stream", ""), request.args.get("person", "")
        if bool(stream) == bool(person):
            raise Problem(422, "one-of-both", "Ask for a stream or for a person.")
        after = request.args.get("after", 0, int)
        found = store.read(stream, after) if stream else islice(store.about(person), after, after + MOST + 1)
        shown = list(islice(found, MOST + 1))
        opened = request.args.get("opened") == "1"
        return answer(
            {
                "commits": [describe(one, vault if opened else None, person) for one in shown[:MOST]],
                "more": len(shown) > MOST,
            }
        )

    return pages


def describe(commit: Commit, vault: Vault | None, person: str = "") -> dict[str, Any]:
    """A commit as JSON values; with a vault its contents are there, personal ones too unless they are erased.

    With a person only that person's events are shown: a lesson has those of the whole class.
    """
    place = commit.published
    return {
        "stream": commit.stream,
        "number": commit.number,
        "at": commit.at,
        "actor": commit.actor,
        "command": commit.command,
        "correlation": commit.correlation,
        "causation": commit.causation,
        "trace": commit.trace,
        "hash": commit.hash,
        "published": msgspec.to_builtins(place) if place else None,
        "events": _events(commit, vault, person),
    }


def _events(commit: Commit, vault: Vault | None, person: str) -> Sequence[dict[str, Any]]:
    recorded = [event for event in commit.recorded() if not person or person in event.data.values()]
    if vault is not None:
        vault.warm(recorded)
    return [
        {
            "id": event.id,
            "type": event.type,
            "schema": event.schema,
            "data": vault.opened(event) if vault is not None else dict.fromkeys(event.data, MASK),
        }
        for event in recorded
    ]
