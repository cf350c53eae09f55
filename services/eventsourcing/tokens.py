"""Tokens between services: who is asking, on whose behalf, for which service, for one minute."""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass
from hashlib import sha256

from itsdangerous import BadData, URLSafeTimedSerializer

LIFETIME_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Caller:
    """The originating subject of a request.

    kind: portal (a parent or pupil), staff, operator, or service (nobody behind it). account: the account's id, which
    for staff is the person's id too; empty for the last two. service: the process that sent the request.
    """

    kind: str
    account: str
    service: str

    @property
    def actor(self) -> str:
        """How commits name the caller."""
        return f"{self.kind}:{self.account or self.service}"


class ServiceTokens:
    """Issues and checks tokens with the secret that the services share."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def issue(self, audience: str, caller: Caller) -> str:
        """A token that only `audience` accepts, for LIFETIME_SECONDS."""
        return str(self._signer(audience).dumps(asdict(caller)))

    def check(self, audience: str, token: str) -> Caller | None:
        """The caller, or None for a token that is forged, old or meant for another service."""
        try:
            return Caller(**self._signer(audience).loads(token, max_age=LIFETIME_SECONDS))
        except (BadData, TypeError):
            return None

    def fingerprint(self, asked: bytes) -> str:
        """What a request was, without telling it: keyed, because a request may hold a password."""
        return hmac.new(self._secret.encode(), b"fingerprint\n" + asked, sha256).hexdigest()[:32]

    def _signer(self, audience: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._secret, salt=f"school-diary/{audience}")
