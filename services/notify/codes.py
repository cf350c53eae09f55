"""Codes live in identity; one is asked for at the moment its mail is written and is kept nowhere here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import requests

from services.eventsourcing.clock import moment
from services.eventsourcing.tokens import Caller, ServiceTokens
from services.notify.channels.channel import Letter, NotNow, Undeliverable

TIMEOUTS = (2.0, 5.0)  # to connect, to answer
CALLER = Caller(kind="service", account="", service="notify")


class Codes:
    """A client of identity."""

    def __init__(self, identity_url: str, tokens: ServiceTokens, timezone: str) -> None:
        self._url = identity_url.rstrip("/")
        self._tokens = tokens
        self._zone = ZoneInfo(timezone)
        self._session = requests.Session()
        self._session.trust_env = False  # a code never goes through a proxy of the environment

    def letter(self, id: str, code: str) -> Letter:
        """The letter with the code that identity makes now. Raises Undeliverable when it is over, NotNow."""
        told = self._revealed(code)
        return Letter(
            id=id,
            template="code",
            locale=told["locale"],
            email=told["email"],
            first_name=told["first_name"],
            code=told["code"],
            until=self._clock_time(moment(told["expires"])),
        )

    def _revealed(self, code: str) -> dict[str, Any]:
        token = self._tokens.issue("identity", CALLER)
        try:
            answer = self._session.post(
                f"{self._url}/codes/{code}/reveal",
                json={},
                headers={"Authorization": f"Bearer {token}"},
                timeout=TIMEOUTS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise NotNow(f"identity: {type(error).__name__}") from error
        if answer.status_code in (404, 409, 410):
            raise Undeliverable("code-over")
        if answer.status_code != 200:
            raise NotNow(f"identity: {answer.status_code}")
        told: dict[str, Any] = answer.json()
        return told

    def _clock_time(self, expires: datetime) -> str:
        return expires.astimezone(self._zone).strftime("%H:%M")
