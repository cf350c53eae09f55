"""Staff accounts: opened by appointments, entered with a one-time password, closed when somebody leaves."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from services.eventsourcing.core import open_core
from services.eventsourcing.log import Outgoing
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Recorded, partition_key, to_wire
from services.eventsourcing.tokens import Caller
from services.identity.app import make_staff_policy
from services.identity.catalog import registry
from services.identity.staff.one_time import ALPHABET
from tests.flow.test_identity.conftest import GATEWAY, OPERATOR, Identity
from tests.kit.world import World

NEW = "мел тряпка указка"


class School:
    """The diary's log as the test writes it, and the policy that reads it."""

    def __init__(self, world: World) -> None:
        settings = world.settings("identity", "worker")
        core = open_core(settings, registry)
        self._topic = settings.topics("diary")[0]
        self._publisher = KafkaLog(settings.kafka).publisher(self._topic)
        self._policy = make_staff_policy(settings, core)
        self._vault = core.vault
        self._versions = {f"staff-{number}": count(1) for number in range(1, 4)}

    def appoint(self, person: str, last_name: str, first_name: str, patronymic: str | None = None) -> None:
        names = {"last_name": last_name, "first_name": first_name, "patronymic": patronymic}
        data = {"person": person, "school": "s1", **names, "email": None, "roles": ["teacher"], "position": None}
        self.tell("StaffAppointed", person, data)

    def leave(self, person: str) -> None:
        self.tell("StaffLeft", person, {"person": person})

    def tell(self, kind: str, person: str, data: dict[str, Any]) -> None:
        """Publish an event of the diary and let the policy read until it has seen it."""
        stream = f"staff-{person}"
        version = next(self._versions[stream])
        sealed = {
            name: self._vault.seal(person, "record", f"{stream}@{version}/{name}", value)
            if name.endswith("name") and value
            else value
            for name, value in data.items()
        }
        event = Recorded(stream, version, kind, 1, sealed, at="2026-09-01T08:00:00.000000Z", commit_last=version)
        assert None not in self._publisher.publish([Outgoing(partition_key(stream), to_wire(event, "/diary"))])
        while not self._policy.run_once(0.5):
            pass

    def close(self) -> None:
        self._policy.reset()
        self._publisher.close()


@pytest.fixture
def school(world: World, identity: Identity) -> Iterator[School]:
    made = School(world)
    yield made
    made.close()


def passwords(identity: Identity, *persons: str) -> dict[str, Any]:
    status, answer = identity.post("/staff/passwords", {"persons": list(persons)}, OPERATOR)
    assert status == 200
    return answer


def test_an_appointment_opens_an_account_named_after_the_person(identity: Identity, school: School) -> None:
    school.appoint("1", "Орлова", "Наталья", "Викторовна")
    assert identity.happened("1") == ["StaffAccountOpened"]
    issued = passwords(identity, "1")["passwords"][0]
    assert (issued["person"], issued["login"]) == ("1", "orlova.nv")
    assert len(issued["password"]) == 12 and set(issued["password"]) <= set(ALPHABET)


def test_namesakes_and_english_names_get_logins_of_their_own(identity: Identity, school: School) -> None:
    school.appoint("1", "Орлова", "Наталья", "Викторовна")
    school.appoint("2", "Орлова", "Нина", "Вадимовна")
    school.appoint("3", "Smith", "John")
    logins = [one["login"] for one in passwords(identity, "1", "2", "3")["passwords"]]
    assert logins == ["orlova.nv", "orlova.nv2", "smith.j"]


def test_an_appointment_told_twice_opens_one_account(identity: Identity, school: School) -> None:
    school.appoint("1", "Орлова", "Наталья")
    school.appoint("1", "Орлова", "Наталья")
    assert identity.happened("1") == ["StaffAccountOpened"]


def test_the_one_time_password_opens_the_staff_door_and_has_to_be_changed(identity: Identity, school: School) -> None:
    school.appoint("1", "Орлова", "Наталья", "Викторовна")
    given = passwords(identity, "1")["passwords"][0]["password"]
    status, entered = identity.sign_in("Orlova.NV", given, "staff")
    assert (status, entered["account"], entered["kind"], entered["must_change"]) == (200, "1", "staff", True)
    assert identity.sign_in("orlova.nv", given, "portal")[1]["code"] == "wrong-portal-password"
    body = {"old": given, "new": NEW}
    assert identity.post("/accounts/1/password", body, Caller("staff", "1", "gateway"))[0] == 200
    assert identity.sign_in("orlova.nv", NEW, "staff")[1]["must_change"] is False
    assert identity.sign_in("orlova.nv", given, "staff")[0] == 409


def test_another_one_time_password_replaces_the_first(identity: Identity, school: School) -> None:
    school.appoint("1", "Орлова", "Наталья")
    first = passwords(identity, "1")["passwords"][0]["password"]
    passwords(identity, "1")
    assert identity.sign_in("orlova.n", first, "staff")[0] == 409
    assert identity.happened("1")[-2:] == ["PasswordChanged", "PasswordChanged"]


def test_whoever_leaves_is_refused_like_a_stranger_until_they_come_back(identity: Identity, school: School) -> None:
    school.appoint("1", "Орлова", "Наталья")
    given = passwords(identity, "1")["passwords"][0]["password"]
    school.leave("1")
    assert identity.sign_in("orlova.n", given, "staff")[1]["code"] == "wrong-staff-password"
    assert passwords(identity, "1") == {"passwords": [], "unknown": ["1"]}
    school.appoint("1", "Орлова", "Наталья")
    assert identity.sign_in("orlova.n", given, "staff")[0] == 200


def test_only_an_operator_hands_out_passwords(identity: Identity) -> None:
    assert identity.post("/staff/passwords", {"persons": ["1"]}, GATEWAY)[0] == 403
    assert identity.post("/staff/passwords", {"persons": ["1"]}, Caller("staff", "1", "gateway"))[0] == 403


def test_who_has_no_account_gets_no_password(identity: Identity) -> None:
    parent = identity.account()
    assert passwords(identity, parent, "nobody") == {"passwords": [], "unknown": [parent, "nobody"]}
