"""Pieces of pages that say the same wherever they stand, rendered once and kept.

A macro of components.html reads nothing but its item, the language and the school's clock: two pages that show an equal
item show equal text. Items are frozen values, so a changed mark is another item and nothing has to be forgotten.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, Protocol

from flask import g, url_for
from flask_babel import get_translations
from markupsafe import Markup

KEPT_SAME = 300  # of some 20 KB
KEPT = 2_000  # a fragment has some 2 KB
KEPT_ADDRESSES = 5_000


_loaded: dict[str, Any] = {}


class Macro(Protocol):
    """What a template's macro looks like from outside."""

    name: str

    def __call__(self, *arguments: Any) -> Markup:
        """The text."""
        ...


def fragments(forgotten: Callable[[], int]) -> Callable[..., Markup]:
    """The template global `once(macro, *items)`, with a memory of its own, emptied when `forgotten` changes."""
    since = forgotten()

    @lru_cache(maxsize=KEPT)
    def kept(lang: str, name: str, items: tuple[Hashable, ...]) -> list[Markup]:
        return []  # filled by the first who asks; asking twice at once only renders twice

    def once(macro: Macro, *items: Hashable) -> Markup:
        if "lang" not in g:  # a page about an outage that came before the request's language was known
            return macro(*items)
        nonlocal since
        if since != forgotten():  # somebody was erased, who may be in any of them by name
            since = forgotten()
            kept.cache_clear()
        found = kept(g.lang, macro.name, items)
        if not found:
            found.append(macro(*items))
        return found[0]

    return once


def same_fragments(forgotten: Callable[[], int]) -> Callable[..., Markup]:
    """The template global `once_same(macro, item, *more)`: the same for an item that is remembered itself.

    The item is known by its identity, so that a large one need not be compared; its text is kept as long as the item.
    """
    kept: OrderedDict[tuple[Hashable, ...], tuple[object, Markup]] = OrderedDict()
    since = forgotten()

    def once_same(macro: Macro, item: object, *more: Hashable) -> Markup:
        nonlocal since
        if since != forgotten():
            since = forgotten()
            kept.clear()
        key = (g.lang, macro.name, id(item), more)
        found = kept.get(key)
        if found is None or found[0] is not item:
            found = kept[key] = (item, macro(item, *more))
            if len(kept) > KEPT_SAME:
                kept.popitem(last=False)
        return found[1]

    return once_same


def address(endpoint: str, **values: Any) -> str:
    """The local address of a page, as url_for makes it; made once, because it is the same in every request.

    Only pages of the past add something of their own to every address.
    """
    return url_for(endpoint, **values) if "past" in g else _kept_address(endpoint, **values)


@lru_cache(maxsize=KEPT_ADDRESSES)
def _kept_address(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values)


def gettext(text: str) -> str:
    """The text in the language of the request, which is looked for once per request and not once per text."""
    return str(_translations().ugettext(text))


def ngettext(one: str, many: str, number: int) -> str:
    """The same for texts with a number."""
    return str(_translations().ungettext(one, many, number))


def _translations() -> Any:
    found = g.get("translations")
    if found is None:
        found = g.translations = _loaded.get(g.get("lang", "")) or get_translations()
        if "lang" in g:
            _loaded[g.lang] = found
    return found
