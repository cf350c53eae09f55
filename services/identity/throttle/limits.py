"""How often something may be tried, in one place."""

import ipaddress
from dataclasses import dataclass

from flask import Response

from services.eventsourcing.problems import Problem

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times in each `seconds`."""

    most: int
    seconds: int


# A whole school sits behind one address, so what is counted per network is generous; guessing is stopped per account.
FAILURES_OF_NETWORK = (Limit(20, MINUTE), Limit(200, HOUR))
REGISTRATIONS_OF_NETWORK = (Limit(60, HOUR),)
LETTERS_TO_ADDRESS = (Limit(5, HOUR), Limit(10, DAY))
CODES_OF_ACCOUNT = (Limit(1, MINUTE),)
TRIES_OF_ACCOUNT = (Limit(5, HOUR), Limit(20, DAY))

FREE_FAILURES = 5  # then each failure makes the next attempt wait: 1, 2, 4 ... seconds
LONGEST_DELAY = 30  # never a lock-out, or anybody could keep a teacher out


class TooMany(Problem):
    """Wait `seconds`, then it works again."""

    def __init__(self, code: str, seconds: int) -> None:
        detail = f"Too many attempts. Try again in {seconds} s."
        super().__init__(429, code, detail, params={"seconds": seconds})
        self.seconds = seconds

    def response(self) -> Response:
        """The problem document, with the true time to wait."""
        made = super().response()
        made.headers["Retry-After"] = str(self.seconds)
        return made


def network(address: str) -> str | None:
    """The network a client's address belongs to: what one household or one attacker has. None when it is no address."""
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return None
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 64), strict=False))
