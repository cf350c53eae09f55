"""python -m deploy.local.outbox DIRECTORY SMTP_PORT HTTP_PORT [HOST]"""

import logging
import sys
from pathlib import Path

from werkzeug.serving import make_server

from deploy.local.outbox.mailbox import Mailbox
from deploy.local.outbox.smtp import listen
from deploy.local.outbox.web import create_app

LOOPBACK = "127.0.0.1"


def main(directory: str, smtp_port: str, http_port: str, host: str = LOOPBACK) -> None:
    """Serves until it is stopped."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # the page refreshes itself: no line for each time
    mailbox = Mailbox(Path(directory))
    listen(mailbox, host, int(smtp_port))
    make_server(host, int(http_port), create_app(mailbox), threaded=True).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
