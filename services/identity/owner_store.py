"""Who holds a login or an address: the reservations that were taken together with commits."""

from services.eventsourcing.mongo import Db
from services.eventsourcing.store import Reservation
from services.eventsourcing.store_mongo import RESERVATIONS

LOGIN = "login"
EMAIL = "email"
STAFF_LOGIN = "staff-login"


class Owners:
    """Reads the reservations of the event store."""

    def __init__(self, db: Db) -> None:
        self._reservations = db[RESERVATIONS]

    def account(self, kind: str, value: str) -> str | None:
        """The account that holds (kind, blind index)."""
        found = self._reservations.find_one({"_id": f"{kind}:{value}"})
        return str(found["owner"]).partition("-")[2] if found else None

    def held_by(self, stream: str) -> list[Reservation]:
        """Everything that a stream holds."""
        found = [found["_id"].partition(":") for found in self._reservations.find({"owner": stream})]
        return [Reservation(kind, value) for kind, _, value in found]
