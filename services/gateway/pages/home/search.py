"""Search that forgives typos, endings and the wrong keyboard layout. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

CLOSE = 0.72  # one wrong letter in four is still the same word
STEM = 4  # Russian endings change: words with one beginning are the same word
_TURNED = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.", "йцукенгшщзхъфывапролджэячсмитьбю")


def words(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return re.findall(r"\w+", text.casefold().replace("ё", "е"))


def search(query: str, texts: Iterable[str]) -> tuple[list[int], str | None]:
    """(which texts have one of the meant words, the meant query when it is not what was typed)."""
    known = [set(words(text)) for text in texts]
    vocabulary = sorted(set().union(*known))
    meant = {word: _meant(word, vocabulary) for word in _typed(query)}
    found = [place for place, own in enumerate(known) if any(word in own for word in meant.values() if word)]
    mended = " ".join(found_word or word for word, found_word in meant.items())
    mistyped = any(word and typed[:STEM] != word[:STEM] for typed, word in meant.items())
    return found, mended if found and mistyped else None


def _typed(query: str) -> list[str]:
    # Punctuation keys are letters in the other layout, so the layout is looked at before words are cut.
    return [part for part in re.split(r"\s+", query.casefold().replace("ё", "е")) if part]


def _meant(typed: str, vocabulary: list[str]) -> str | None:
    turned = typed.translate(_TURNED)
    for word in (re.sub(r"\W", "", typed), turned):
        same = [one for one in vocabulary if one == word] or _same_stem(word, vocabulary)
        close = same or difflib.get_close_matches(word, vocabulary, 1, CLOSE)
        if close:
            return close[0]
    return None


def _same_stem(word: str, vocabulary: list[str]) -> list[str]:
    return [one for one in vocabulary if len(word) > STEM and one.startswith(word[: max(STEM, len(word) - 2)])]
