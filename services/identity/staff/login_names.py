"""Logins of staff made from their names: `orlova.nv` for Орлова Наталья Викторовна."""

import unicodedata
from collections.abc import Iterator
from itertools import count

# How a Russian would type the name, not a standard for passports: a login is read aloud.
LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
LONGEST = 40


def latin(text: str) -> str:
    """Russian letters in Latin ones, accents dropped, lower case; other characters stay."""
    letters = "".join(LATIN.get(letter, letter) for letter in unicodedata.normalize("NFC", text.casefold()))
    bare = unicodedata.normalize("NFKD", letters)
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def login_of(last_name: str, first_name: str, patronymic: str | None, otherwise: str) -> str:
    """Last name, a dot, initials. `otherwise` when the names have no letter that can be written in Latin."""
    family = _letters(last_name, "-")
    initials = "".join(_letters(name, "")[:1] for name in (first_name, patronymic or ""))
    parts = [part for part in (family.strip("-")[:LONGEST], initials) if part]
    return ".".join(parts) if parts else otherwise


def candidates(login: str) -> Iterator[str]:
    """The login, then the same with 2, 3, 4 ... behind it."""
    yield login
    for number in count(2):
        yield f"{login}{number}"


def _letters(name: str, kept: str) -> str:
    return "".join(letter for letter in latin(name) if "a" <= letter <= "z" or letter in kept)
