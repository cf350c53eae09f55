"""Server-sent events: what one live connection says, and when it ends."""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from services.gateway.live.feed_store import Feed

OPEN_SECONDS = 50.0  # shorter than proxies' and gunicorn's patience; the browser connects again by itself
HEARTBEAT_SECONDS = 15.0
GATHER_SECONDS = 0.05
RECONNECT_MS = 1_000
POLL_MS = 60_000

Message = tuple[str, Any, str]  # event, data, id
Tell = Callable[[set[str]], Iterable[Message]]


def live(feed: Feed, topics: Iterable[str], tell: Tell, seconds: float = OPEN_SECONDS) -> Iterator[str]:
    """Say what `tell` makes of the changed documents, for `seconds`. The caller has taken a place of the feed."""
    deadline = time.monotonic() + seconds
    with feed.subscribed(topics) as changed:
        yield f"retry: {RECONNECT_MS}\n\n"
        while (left := deadline - time.monotonic()) > 0:
            documents = _next(changed, min(left, HEARTBEAT_SECONDS))
            if not documents:
                yield ": still here\n\n"
            for event, data, id in tell(documents) if documents else ():
                yield f"event: {event}\nid: {id}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def full() -> str:
    """What a connection hears when the process has no place left: come back in a minute, the page polls so."""
    return f"retry: {POLL_MS}\nevent: changed\ndata: {{}}\n\n"


def _next(changed: queue.Queue[str], seconds: float) -> set[str]:
    try:
        documents = {changed.get(timeout=seconds)}
    except queue.Empty:
        return set()
    end = time.monotonic() + GATHER_SECONDS
    while (left := end - time.monotonic()) > 0:
        try:
            documents.add(changed.get(timeout=left))
        except queue.Empty:
            break
    return documents
