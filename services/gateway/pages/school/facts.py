"""What the page of a school says, to be compared with that of another moment. Pure."""

from __future__ import annotations

from services.gateway.pages.school.model import SchoolPage
from services.gateway.past.differences import Fact, Facts


def facts_of(page: SchoolPage) -> Facts:
    """Contacts, staff and the names of the class."""
    nowhere, school = (None, None, None, None), page.school
    contacts = (school.name, school.address, school.phone, school.email, school.site)
    found: dict[Fact, str | None] = {Fact(*nowhere, "contacts"): ", ".join(part for part in contacts if part)}
    for one in page.staff:
        told = (one.name, one.position, *one.subjects)
        found[Fact(*nowhere, "employee", one.name)] = ", ".join(part for part in told if part)
    if page.form:
        found[Fact(*nowhere, "teacher")] = page.form.teacher
        found |= {Fact(*nowhere, "pupil", name): name for name in page.form.pupils}
    return found
