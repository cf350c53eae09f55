"""The mail as it travels."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from services.notify.channels.channel import Letter, Undeliverable
from services.notify.channels.email.words import Words

SENDERS = {"ru": "Школьный дневник", "en": "School Diary"}


def message(letter: Letter, words: Words, language: str, sender: str, now: datetime) -> EmailMessage:
    """The message of a letter. Its Message-ID is made of the letter's id: a repetition is recognised as such."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(SENDERS[language], addr_spec=sender)
    mail["To"] = _address(letter.email)
    mail["Subject"] = words.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = language
    mail.set_content(words.text, cte="base64")
    mail.add_alternative(words.html, subtype="html", cte="base64")
    return mail


def _address(email: str) -> Address:
    try:
        return Address(addr_spec=email)
    except Exception as error:  # the parser has several ways to say that this is no address
        raise Undeliverable("address-malformed") from error
