"""What was typed into a form."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from flask_babel import gettext as _

from services.gateway.pages.shared import Form

SECRETS = frozenset({"password", "old", "new", "answer"})
LONGEST = 4_000


def typed(*names: str) -> dict[str, str]:
    """The fields of the form; secrets exactly as typed, everything else without outer spaces."""
    raw = {name: request.form.get(name, "")[:LONGEST] for name in names}
    return {name: text if name in SECRETS else text.strip() for name, text in raw.items()}


def missing(values: Mapping[str, str], *needed: str) -> Form | None:
    """The form with a sentence beside every empty field, None when all are filled."""
    empty = {name: _("Please fill this in.") for name in needed if not values[name]}
    if not empty:
        return None
    return Form({name: text for name, text in values.items() if name not in SECRETS}, empty)
