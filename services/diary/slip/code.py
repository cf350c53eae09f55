"""Logins and passwords of slips: letters and digits that nobody confuses, and reading what people make of them."""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final

# Without 0 and O, 1, I and L: 31 signs, so ten of them are 49 bits.
ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LOGIN_LENGTH: Final = 8
PASSWORD_LENGTH: Final = 10
GROUP: Final = 4

# Cyrillic letters that look like Latin ones, and Latin letters under the keys of the Russian layout.
LOOKS_LIKE: Final = dict(zip("АВЕКМНРСТУХ", "ABEKMHPCTYX", strict=True))
SAME_KEY: Final = dict(zip("ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ", "QWERTYUIOPASDFGHJKLZXCVBNM", strict=True))
SEPARATORS: Final = frozenset({"Zs", "Pd", "Cc", "Cf"})


def new_login() -> str:
    """A random login."""
    return _random(LOGIN_LENGTH)


def new_password() -> str:
    """A random one-time password."""
    return _random(PASSWORD_LENGTH)


def grouped(code: str) -> str:
    """As printed: KT7M-QX4P."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_pair(login: str, password: str) -> tuple[str, str]:
    """Login and password as they were meant: any case, spaces and dashes, Cyrillic letters of either kind.

    Who forgot to switch the layout did so in both fields, so one telling letter in either decides for both.
    """
    typed = _plain(login), _plain(password)
    forgot_layout = any(_shows_layout(text) for text in typed)
    return _latin(typed[0], forgot_layout), _latin(typed[1], forgot_layout)


def is_login(text: str) -> bool:
    """Has it the form of a slip's login?"""
    return _has_form(text, LOGIN_LENGTH)


def is_password(text: str) -> bool:
    """Has it the form of a slip's password?"""
    return _has_form(text, PASSWORD_LENGTH)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _has_form(text: str, length: int) -> bool:
    return len(text) == length and set(text) <= set(ALPHABET)


def _plain(text: str) -> str:
    upper = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in upper if unicodedata.category(sign) not in SEPARATORS)


def _shows_layout(text: str) -> bool:
    only_layout = any(sign in SAME_KEY and sign not in LOOKS_LIKE for sign in text)
    return only_layout and not any("A" <= sign <= "Z" for sign in text)


def _latin(text: str, forgot_layout: bool) -> str:
    table = SAME_KEY if forgot_layout and not any("A" <= sign <= "Z" for sign in text) else LOOKS_LIKE
    return "".join(table.get(sign, sign) for sign in text)
