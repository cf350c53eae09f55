"""From ids to words: everything a message mentions is looked up at the moment of sending."""

from __future__ import annotations

from services.notify.channels.channel import Letter, NotNow, Undeliverable
from services.notify.codes import Codes
from services.notify.outbox.item import Item
from services.notify.recipients.recipients_store import Recipients


class Composer:
    """Knows where each fact of a letter comes from."""

    def __init__(self, recipients: Recipients, codes: Codes) -> None:
        self._recipients = recipients
        self._codes = codes

    def compose(self, item: Item) -> Letter:
        """The letter of an item. Raises Undeliverable or NotNow."""
        if item.template == "code":
            return self._codes.letter(item.id, item.facts["code"])
        account = self._recipients.account(item.account)
        if account.get("email", "") is None:
            raise Undeliverable("address-erased")
        if not account.get("confirmed") and item.template != "registration-repeated":
            # The events of an account travel beside those of diaries; and a child's name goes to a proven address only.
            raise NotNow("address-not-confirmed")
        if "email" not in account:
            raise NotNow("account-not-known")
        return Letter(
            id=item.id,
            template=item.template,
            locale=account["locale"],
            email=account["email"],
            first_name=account["first_name"],
            child=self._recipients.first_name(item.facts["pupil"]) if "pupil" in item.facts else None,
            subject=self._subject(item),
        )

    def _subject(self, item: Item) -> str | None:
        if "group" not in item.facts:
            return None
        return self._recipients.subject(item.facts["group"]) or item.facts["subject"] or None
