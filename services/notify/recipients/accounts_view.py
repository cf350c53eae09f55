"""Portal accounts: where and in which language a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.eventsourcing.message import PERSONAL, Recorded
from services.eventsourcing.view import Doc


class AccountsView:
    """account -> {email, locale, first_name, confirmed}. Erased values are None."""

    name = "accounts"
    version = 2
    types: Mapping[str, int] = {"AccountRegistered": 1, "EmailConfirmed": 1, "PersonErased": 1}

    def touches(self, event: Recorded) -> Iterable[str]:
        """See view.View."""
        return [event.data["person" if event.type == "PersonErased" else "account"]]

    def evolve(self, key: str, doc: Doc, event: Recorded) -> None:
        """See view.View."""
        if event.type == "EmailConfirmed":
            doc["confirmed"] = True
            return
        data = event.data
        if event.type == "PersonErased":
            if PERSONAL in data["classes"] and "email" in doc:
                doc.update(email=None, first_name=None)
            return
        doc.update(email=data["email"], locale=data["locale"], first_name=data["first_name"])
