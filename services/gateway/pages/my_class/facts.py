"""What a class page says, to be compared with that of another moment. Pure."""

from __future__ import annotations

from services.gateway.pages.my_class.model import MyClassPage
from services.gateway.past.differences import Fact, Facts


def facts_of(page: MyClassPage) -> Facts:
    """Pupils with their slips and linked accounts."""
    found: dict[Fact, str | None] = {}
    for one in page.pupils:
        where = (None, None, None, one.pupil)
        found[Fact(*where, "pupil")] = one.name
        found[Fact(*where, "slip")] = str(one.issue) if one.issue else None
        found[Fact(*where, "links")] = str(one.linked)
    return found
