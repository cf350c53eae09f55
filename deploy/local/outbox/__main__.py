"""python -m deploy.local.outbox DIRECTORY SMTP_PORT HTTP_PORT"""

import sys
from pathlib import Path

from werkzeug.serving import make_server

from deploy.local.outbox.mailbox import Mailbox
from deploy.local.outbox.smtp import listen
from deploy.local.outbox.web import create_app

HOST = "127.0.0.1"


def main(directory: str, smtp_port: str, http_port: str) -> None:
    """Serves until it is stopped."""
    mailbox = Mailbox(Path(directory))
    listen(mailbox, HOST, int(smtp_port))
    make_server(HOST, int(http_port), create_app(mailbox), threaded=True).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
