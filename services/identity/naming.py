"""One form for all spellings of a login or an address, and the keyed hash under which each is found."""

import re
import unicodedata

from services.eventsourcing.vault import blind_index

LOGIN_SHAPE = re.compile(r"[a-z0-9._-]{3,64}|[а-яё0-9._-]{3,64}")  # one script: letters that look alike do not mix


def plain(text: str) -> str:
    """The same for every spelling that a person takes for the same: compatibility form, no outer spaces, lower case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def is_address(login: str) -> bool:
    """Is this login meant as an e-mail address?"""
    return "@" in login


class Index:
    """Blind indexes of one installation: equal for equal forms, useless without the master key."""

    def __init__(self, master: bytes) -> None:
        self._master = master

    def login(self, text: str) -> str:
        """Of a portal login."""
        return blind_index(self._master, "login", plain(text))

    def address(self, text: str) -> str:
        """Of an e-mail address."""
        return blind_index(self._master, "email", plain(text))

    def staff(self, text: str) -> str:
        """Of a staff login: another name space, so a parent can never take a teacher's login."""
        return blind_index(self._master, "staff-login", plain(text))

    def client(self, network: str) -> str:
        """Of a client's network."""
        return blind_index(self._master, "client", network)
