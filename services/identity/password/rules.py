"""Which passwords are refused, each with the rule it breaks. Everything else is allowed: no composition rules."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from services.identity.faults import Fault
from services.identity.staff.login_names import latin

SHORTEST = 8
LONGEST = 128
SHORTEST_WORD = 3  # shorter words occur everywhere
SERVICE_WORDS = ("portal", "school", "diary", "teacher", "портал", "школа", "дневник", "учитель")
_KEYS = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")


def password_fault(password: str, own: Mapping[str, str | None], field: str = "password") -> Fault | None:
    """The first rule that `password` breaks. `own` holds what is known of the person by its name: login, email ..."""
    text = unicodedata.normalize("NFKC", password)
    if len(text) < SHORTEST:
        return Fault(field, "password-too-short", "Use at least {least} characters.", {"least": SHORTEST})
    if len(text) > LONGEST:
        return Fault(field, "password-too-long", "Use at most {most} characters.", {"most": LONGEST})
    folded = text.casefold()
    if is_common(folded):
        return Fault(field, "password-common", "This password is among the most used ones, so it is tried first.")
    for what, words in _own_words(own).items():
        if _little_beside(folded, words):
            sentence = "The password is little more than something others know of you: {what}."
            return Fault(field, "password-personal", sentence, {"what": what})
    return None


def is_common(folded: str) -> bool:
    """Is it on a list of frequent passwords, words or names, or a row of keys typed in the Russian layout?"""
    return len(set(folded)) == 1 or folded in _common() or folded.translate(_KEYS) in _common()


def _little_beside(folded: str, words: tuple[str, ...]) -> bool:
    """Would the password be too short if these words did not count?"""
    rest = folded
    for word in words:
        rest = rest.replace(word, "")
    return rest != folded and len(rest) < SHORTEST


def _own_words(own: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {"service": SERVICE_WORDS}
    for what, value in own.items():
        if value:
            word = unicodedata.normalize("NFKC", value).casefold()
            forms = {word, latin(word), word.partition("@")[0]}
            found[what] = tuple(sorted((f for f in forms if len(f) >= SHORTEST_WORD), key=len, reverse=True))
    return found


@cache
def _common() -> frozenset[str]:
    return frozenset(word for words in FREQUENCY_LISTS.values() for word in words if len(word) >= SHORTEST)
