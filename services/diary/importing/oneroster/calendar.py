"""Which terms belong to which school."""

from collections.abc import Mapping

from services.diary.importing.oneroster.checking import Checked
from services.diary.importing.oneroster.intents import Term
from services.diary.importing.oneroster.naming import Names
from services.diary.importing.oneroster.reading import Row
from services.diary.importing.oneroster.records import Session


def depth(id: str, parents: Mapping[str, str | None]) -> int:
    """How many steps lead to the top; a ring of parents is walked once."""
    return len(_chain(id, parents))


def terms_by_school(checked: Checked, names: Names) -> dict[str, tuple[Term, ...]]:
    """The active sessions of the school years a school's classes use, and of those no school uses.

    OneRoster gives sessions no organisation, so the classes decide.
    """
    parents = {session.id: _parent(session, checked) for session in checked.sessions.values()}
    tops = {id: _chain(id, parents)[-1] for id in parents}
    used: dict[str, set[str]] = {id: set() for id in checked.orgs}
    for group in checked.groups.values():
        used[group.school].update(tops[term] for term in group.terms if term in tops)
    years: dict[str, list[Term]] = {}
    for session in checked.sessions.values():
        if session.state.active:
            years.setdefault(tops[session.id], []).append(_term(session, checked, names))
    unused = set(years).difference(*used.values())
    return {id: _calendar(years, wanted | unused) for id, wanted in used.items()}


def ended_rows(checked: Checked) -> tuple[Row, ...]:
    """Rows of sessions that are no longer in force: they stay in the log and leave the calendar."""
    return tuple(session.row for session in checked.sessions.values() if not session.state.active)


def _calendar(years: Mapping[str, list[Term]], wanted: set[str]) -> tuple[Term, ...]:
    terms = [term for year in sorted(wanted) for term in years.get(year, ())]
    return tuple(sorted(terms, key=lambda term: (term.begins, -term.ends.toordinal(), term.id)))


def _term(session: Session, checked: Checked, names: Names) -> Term:
    parent = _parent(session, checked)
    kept = parent is not None and checked.sessions[parent].state.active
    return Term(
        names.session(session.id),
        session.title,
        session.type,
        session.begins,
        session.ends,
        names.session(parent) if parent is not None and kept else None,
        (session.row,),
    )


def _parent(session: Session, checked: Checked) -> str | None:
    return session.parent if session.parent in checked.sessions and session.parent != session.id else None


def _chain(id: str, parents: Mapping[str, str | None]) -> list[str]:
    chain = [id]
    seen = {id}
    while (parent := parents.get(chain[-1])) is not None and parent not in seen:
        chain.append(parent)
        seen.add(parent)
    return chain
