"""A live connection as a response: it takes a place of the process and gives it back when it ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Response

from services.gateway.live.streaming import Tell, full, live
from services.gateway.web import parts, who

HEADERS = {"X-Accel-Buffering": "no"}  # a proxy must not keep the lines back


def event_stream(topics: Iterable[str], tell: Tell) -> Response:
    """Server-sent events about `topics`; when there is no place left for the reader, a page is asked to poll."""
    feed, reader = parts().feed, who().account
    if not feed.try_enter(reader):
        return Response(full(), mimetype="text/event-stream", headers=HEADERS)

    def lines() -> Iterator[str]:
        yield from live(feed, topics, tell)

    answer = Response(lines(), mimetype="text/event-stream", headers=HEADERS)
    answer.call_on_close(lambda: feed.leave(reader))  # also when the reader went away before the first line
    return answer
