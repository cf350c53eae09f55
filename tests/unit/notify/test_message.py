"""The mail as it travels."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from services.notify.channels.channel import Letter, Undeliverable
from services.notify.channels.email.message import message
from services.notify.channels.email.words import Words
from tests.kit.clock import MORNING

LETTER = Letter("abcdefgh23456723", "entry-new", "ru", "olga@example.org")
WORDS = Words("Мария, алгебра: новая запись", "Здравствуйте!\n", "<p>Здравствуйте!</p>")


def sent(letter: Letter = LETTER) -> EmailMessage:
    """The message after a journey as bytes."""
    mail = message(letter, WORDS, "ru", "diary@school.example", MORNING)
    arrived = message_from_bytes(mail.as_bytes(), policy=SMTP)
    assert isinstance(arrived, EmailMessage)
    return arrived


def test_the_headers_survive_the_journey() -> None:
    arrived = sent()
    assert arrived["Subject"] == WORDS.subject
    assert arrived["From"].addresses[0].display_name == "Школьный дневник"
    assert arrived["To"].addresses[0].addr_spec == "olga@example.org"
    assert arrived["Date"].datetime == MORNING
    assert arrived["Auto-Submitted"] == "auto-generated"


def test_the_raw_message_is_seven_bit() -> None:
    assert message(LETTER, WORDS, "ru", "diary@school.example", MORNING).as_bytes().isascii()


def test_a_repetition_has_the_same_message_id() -> None:
    assert sent()["Message-ID"] == sent()["Message-ID"] == "<abcdefgh23456723@school.example>"


def test_text_and_html_are_alternatives() -> None:
    arrived = sent()
    assert arrived.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in arrived.iter_parts()]
    assert kinds == ["text/plain", "text/html"]


@pytest.mark.parametrize("address", ["", "olga", "olga@", "a@b\r\nBcc: c@d", "a@b, c@d", "a b@c"])
def test_a_malformed_address_is_given_up(address: str) -> None:
    with pytest.raises(Undeliverable, match="address-malformed"):
        sent(replace(LETTER, email=address))
