"""Finding a person's ids by what somebody knows of them: an id, a login, an address, a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deploy.diaryctl.installation import Installation
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.store_mongo import COMMITS
from services.eventsourcing.vault import Vault
from services.eventsourcing.view import Doc
from services.gateway.view_store import PROJECTOR as GATEWAY
from services.identity.naming import Index
from services.identity.owner_store import EMAIL, LOGIN, STAFF_LOGIN, Owners
from services.identity.password.password_store import PASSWORDS

NAMES = ("last_name", "first_name", "patronymic")


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody who fits: what they are, and their name as it is readable now."""

    person: str
    role: str
    name: str


def find(place: Installation, vault: Vault, text: str) -> list[Match]:
    """Everybody whom the text fits; each role once."""
    found = [*_by_login(place, text), *_in_views(place, text), *_relatives(place, vault, text)]
    return sorted(set(found), key=lambda one: (one.name, one.person, one.role))


def accounts_of_address(place: Installation, address: str) -> set[str]:
    """Every account that was registered with an address, confirmed or not."""
    settings = place.settings("identity")
    key = Index(settings.master_key).address(address)
    owner = Owners(place.db("identity")).account(EMAIL, key)
    registered = {found["_id"] for found in place.db("identity")[PASSWORDS].find({"subject": key}, {"_id": 1})}
    return registered | ({owner} if owner else set())


def _by_login(place: Installation, text: str) -> Iterator[Match]:
    settings = place.settings("identity")
    index, owners = Index(settings.master_key), Owners(place.db("identity"))
    owner = owners.account(LOGIN, index.login(text))
    found = {account: "portal account" for account in (owner, *accounts_of_address(place, text)) if account}
    if staff := owners.account(STAFF_LOGIN, index.staff(text)):
        found[staff] = "staff account"
    docs = dict(_documents(place, "access", found))
    for account, role in found.items():
        doc = docs.get(account, {})
        yield Match(account, role, _name(doc.get("portal") or doc.get("person") or {}))


def _in_views(place: Installation, text: str) -> Iterator[Match]:
    for id, doc in _documents(place, "access"):
        for part, role in (("portal", "portal account"), ("person", "member of staff")):
            if part in doc and _fits(text, id, doc[part]):
                yield Match(id, role, _name(doc[part]))
    for key, doc in _documents(place, "school"):
        kind, _, id = key.partition(":")
        if kind == "pupil" and _fits(text, id, doc):
            yield Match(id, "pupil", _name(doc))


def _relatives(place: Installation, vault: Vault, text: str) -> Iterator[Match]:
    """Relatives are on no page: their own events tell."""
    of_persons = {"_id": {"$gt": {"s": "person-"}, "$lt": {"s": "person."}}}
    streams = {found["_id"]["s"] for found in place.db("diary")[COMMITS].find(of_persons, {"_id": 1})}
    for stream in sorted(streams):
        events = [event for commit in place.store("diary").read(stream) for event in commit.recorded()]
        data = vault.opened(events[-1])
        if _fits(text, data["person"], data):
            yield Match(data["person"], "relative", _name(data))


def _documents(place: Installation, view: str, ids: Iterable[str] | None = None) -> Iterator[tuple[str, Doc]]:
    store = ProjectionStore(place.db("gateway"), GATEWAY)
    live = store.generation(view)
    if live is None:
        return
    yield from store.documents(live.collection) if ids is None else store.load(live.collection, ids).items()


def _fits(text: str, id: str, doc: Doc) -> bool:
    """Is it the id, or does every word begin one of the names?"""
    names = [str(doc[name]).casefold() for name in NAMES if doc.get(name)]
    words = text.casefold().split()
    return text == id or (bool(words) and all(any(name.startswith(word) for name in names) for word in words))


def _name(doc: Doc) -> str:
    return " ".join(str(doc[name]) for name in NAMES if doc.get(name)) or "(erased)"
