"""The SMTP side of the outbox."""

from typing import Any

from aiosmtpd.controller import Controller

from deploy.local.outbox.mailbox import Mailbox

LARGEST = 10_000_000


class _Keeper:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self._mailbox.keep(list(envelope.rcpt_tos), envelope.content)
        return "250 kept in the outbox"


def listen(mailbox: Mailbox, host: str, port: int) -> Controller:
    """Accepts mail on host:port in a thread of its own; answers 250 after the message is on disk."""
    controller = Controller(_Keeper(mailbox), hostname=host, port=port, data_size_limit=LARGEST)
    controller.start()
    return controller
