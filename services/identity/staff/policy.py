"""Staff accounts follow the school's appointments: opened with one, closed when the person leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.eventsourcing.clock import Clock, stamp
from services.eventsourcing.decider import Executor
from services.eventsourcing.message import Meta, Recorded
from services.eventsourcing.policy import Handler, caused_by
from services.eventsourcing.store import Claims, Reservation, Taken
from services.identity.account.commands import CloseStaffAccount, OpenStaffAccount
from services.identity.account.decider import ACCOUNT
from services.identity.naming import Index
from services.identity.owner_store import STAFF_LOGIN
from services.identity.staff.login_names import candidates, login_of

NAME = "staff-accounts"


@dataclass(frozen=True, slots=True)
class StaffAccounts:
    """Each handler may run several times for one event and acts once."""

    executor: Executor
    index: Index
    clock: Clock

    def handlers(self) -> Mapping[str, Handler]:
        """By the event they answer."""
        return {"StaffAppointed": self.open, "StaffLeft": self.close}

    def open(self, event: Recorded) -> None:
        """Open an account under the first free login made from the person's name."""
        data = event.data
        if data["last_name"] is None:  # erased before this was read
            return
        names = (data["last_name"], data["first_name"] or "", data["patronymic"])
        meta = self._meta(event, "open-account")
        for login in candidates(login_of(*names, otherwise=data["person"])):
            command = OpenStaffAccount(data["person"], data["school"], login)
            claims = Claims(take=[Reservation(STAFF_LOGIN, self.index.staff(login))])
            try:
                self.executor.execute(ACCOUNT, data["person"], command, meta, claims=claims)
                return
            except Taken:
                continue

    def close(self, event: Recorded) -> None:
        """Close the account."""
        person = event.data["person"]
        self.executor.execute(ACCOUNT, person, CloseStaffAccount(person), self._meta(event, "close-account"))

    def _meta(self, event: Recorded, effect: str) -> Meta:
        return Meta(
            actor=f"system:{NAME}",
            command=caused_by(event, effect),
            at=stamp(self.clock()),
            correlation=event.correlation,
            causation=event.id,
        )
