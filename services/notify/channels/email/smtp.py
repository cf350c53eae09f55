"""Delivery by SMTP: one connection per mail, every wait bounded."""

from __future__ import annotations

import smtplib
import ssl

from services.eventsourcing.clock import Clock
from services.notify.channels.channel import Letter, NotNow, Undeliverable
from services.notify.channels.email.message import message
from services.notify.channels.email.words import Writer

TIMEOUT_SECONDS = 10.0
PERMANENT = 500


class EmailChannel:
    """See channel.Channel. `server` is host:port; TLS is used when the server offers it."""

    def __init__(self, server: str, sender: str, writer: Writer, clock: Clock) -> None:
        host, _, port = server.rpartition(":")
        self._host = host
        self._port = int(port)
        self._sender = sender
        self._writer = writer
        self._clock = clock

    def send(self, letter: Letter) -> None:
        """See channel.Channel."""
        words = self._writer.write(letter)
        mail = message(letter, words, self._writer.language(letter), self._sender, self._clock())
        try:
            with smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS) as server:
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls(context=ssl.create_default_context())
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refusal:
            raise _of_code("recipient-refused", max(code for code, _ in refusal.recipients.values())) from refusal
        except smtplib.SMTPDataError as refusal:
            raise _of_code("message-refused", refusal.smtp_code) from refusal
        except smtplib.SMTPNotSupportedError as refusal:
            raise Undeliverable("address-not-supported") from refusal
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(f"smtp: {type(error).__name__}") from error


def _of_code(reason: str, code: int) -> Exception:
    return Undeliverable(f"{reason}: {code}") if code >= PERMANENT else NotNow(f"{reason}: {code}")
