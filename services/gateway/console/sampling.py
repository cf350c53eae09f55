"""Asking every worker how its service stands."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import urllib3
from urllib3.exceptions import HTTPError

from services.eventsourcing.consumers import GroupsLog, read_consumers
from services.eventsourcing.log import LogUnavailable
from services.gateway.console.samples_store import Report, Samples

EVERY_SECONDS = 5.0
PATIENCE_SECONDS = 3.0
GROUPS_SECONDS = 30.0

log = logging.getLogger(__name__)


class Sampling:
    """One sample at most every EVERY_SECONDS. A worker that does not answer is part of the sample."""

    def __init__(self, urls: Mapping[str, str], samples: Samples, log: GroupsLog, topics: Sequence[str]) -> None:
        self._urls = urls
        self._log = log
        self._topics = topics
        self._groups: list[Any] | None = None
        self._next_groups = 0.0
        self._samples = samples
        self._pool = urllib3.PoolManager(timeout=PATIENCE_SECONDS, retries=False)
        self._next = 0.0

    def run_once(self, epoch: int) -> int:
        """Take a sample if it is time; the loop is idle in between."""
        if time.monotonic() < self._next:
            return 0
        self._next = time.monotonic() + EVERY_SECONDS
        reports = {service: self._ask(url) for service, url in self._urls.items()}
        self._samples.add(reports, self._consumers())
        return 0

    def _consumers(self) -> list[Any] | None:
        """The groups of analysts, asked more seldom; None while the log does not answer."""
        if time.monotonic() >= self._next_groups:
            self._next_groups = time.monotonic() + GROUPS_SECONDS
            try:
                found = read_consumers(self._log, self._topics)
                self._groups = [
                    {"group": one.group, "state": one.state, "members": one.members, "lag": one.lag, "well": one.well}
                    for one in found
                ]
            except LogUnavailable:
                self._groups = None
        return self._groups

    def _ask(self, url: str) -> Report | None:
        try:
            answer = self._pool.request("GET", f"{url}/standing")
            return msgspec.json.decode(answer.data, type=dict) if answer.status == 200 else None
        except (HTTPError, msgspec.DecodeError) as error:
            log.info("%s does not tell how it stands: %s", url, type(error).__name__)
            return None


def read_urls(text: str) -> dict[str, str]:
    """`identity=http://host:port,diary=...` as a mapping. Raises ValueError."""
    pairs = [part.partition("=") for part in text.split(",") if part]
    if any(not (name and url) for name, _, url in pairs):
        raise ValueError(f"SD_OPS_URLS must be service=url,service=url, not {text!r}")
    return {name: url.rstrip("/") for name, _, url in pairs}
