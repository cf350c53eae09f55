"""Stable ids: the same source and sourcedId always name the same stream."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.diary.importing.oneroster.checking import Checked
from services.eventsourcing.ids import derived_id


@dataclass(frozen=True, slots=True)
class Names:
    """Turns sourcedIds into ids of the diary."""

    source: str
    top: str | None
    org_parents: Mapping[str, str | None]

    @classmethod
    def of(cls, checked: Checked, source: str | None) -> "Names":
        """Names for a set; its topmost organisation is the source when none is given."""
        parents = {
            org.id: org.parent if org.parent in checked.orgs and org.parent != org.id else None
            for org in checked.orgs.values()
        }
        tops = sorted(id for id, parent in parents.items() if parent is None) or sorted(parents)
        top = tops[0] if tops else None
        return cls(source or top or "set", top, parents)

    def _id(self, kind: str, sourced_id: str) -> str:
        return derived_id("oneroster", self.source, kind, sourced_id)

    def org(self, id: str) -> str:
        """The id of a school."""
        return self._id("org", id)

    def session(self, id: str) -> str:
        """The id of a term."""
        return self._id("session", id)

    def course(self, id: str) -> str:
        """The id of a course."""
        return self._id("course", id)

    def group(self, id: str) -> str:
        """The id of a class or teaching group."""
        return self._id("class", id)

    def user(self, id: str) -> str:
        """The id of a person, the same whether they are staff, pupil or relative."""
        return self._id("user", id)

    def school_or_top(self, *orgs: str | None) -> str:
        """The first organisation that is in the set, else the topmost one."""
        known = next((org for org in orgs if org in self.org_parents), self.top)
        return self.org(known or "")
