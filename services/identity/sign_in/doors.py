"""The two doors: whose passwords may fit what was typed as a login."""

from __future__ import annotations

from dataclasses import dataclass

from services.eventsourcing.decider import Refused
from services.identity.naming import Index, is_address
from services.identity.owner_store import EMAIL, LOGIN, STAFF_LOGIN, Owners
from services.identity.password.password_store import Password, PasswordStore

PORTAL = "portal"
STAFF = "staff"
UNCONFIRMED = 5  # of all that registered with one address and did not confirm it, only the newest count


@dataclass(frozen=True, slots=True)
class Fitting:
    """subject: whose salt to hash with, even when nobody is found."""

    subject: str
    passwords: tuple[Password, ...]


@dataclass(frozen=True, slots=True)
class Doors:
    """Looks up logins. Known and unknown ones cost the same queries."""

    owners: Owners
    passwords: PasswordStore
    index: Index

    def fitting(self, login: str, door: str) -> Fitting:
        """The passwords that could open `door` for this login."""
        if door == STAFF:
            return self._by_owner(STAFF_LOGIN, self.index.staff(login))
        if is_address(login):
            return self._by_address(self.index.address(login))
        return self._by_owner(LOGIN, self.index.login(login))

    def _by_owner(self, kind: str, value: str) -> Fitting:
        found = self.passwords.of_account(self.owners.account(kind, value) or "")
        return Fitting(found.subject, (found,)) if found else Fitting(value, ())

    def _by_address(self, address: str) -> Fitting:
        confirmed = self.passwords.of_account(self.owners.account(EMAIL, address) or "")
        newest = self.passwords.newest_of(address, UNCONFIRMED)
        everyone = [confirmed, *newest] if confirmed else newest
        return Fitting(address, tuple(everyone))


def wrong(door: str) -> Refused:
    """The one answer to an unknown login, a wrong password, a closed account and the other door's account."""
    if door == STAFF:
        return Refused("wrong-staff-password", "Wrong login or staff password.", field="password")
    return Refused("wrong-portal-password", "Wrong login or portal password.", field="password")
