"""Who may see what: one document per account, for families and staff alike."""

from __future__ import annotations

from collections.abc import Mapping

from services.eventsourcing.message import PERSONAL, RECORD, Recorded
from services.eventsourcing.view import Doc
from services.gateway.erasing import NAMES, blanking, erased_classes
from services.gateway.fold import Change, Rules, dropping, picked, setting
from services.gateway.remembered_store import ERASURES

Changes = Mapping[str, Change]


def _registered(event: Recorded) -> Changes:
    data = event.data
    facts = picked(data, "last_name", "first_name", "patronymic", "login", "email", "locale")
    return {data["account"]: setting("portal", **facts)}


def _confirmed(event: Recorded) -> Changes:
    return {event.data["account"]: setting(confirmed=True)}


def _staff_opened(event: Recorded) -> Changes:
    return {event.data["account"]: setting("staff", school=event.data["school"], closed=False)}


def _staff_closed(event: Recorded) -> Changes:
    return {event.data["account"]: setting("staff", closed=True)}


def _password(event: Recorded) -> Changes:
    return {event.data["account"]: setting(password_at=event.at)}


def _appointed(event: Recorded) -> Changes:
    data = event.data
    facts = picked(data, "school", "last_name", "first_name", "patronymic", "roles", "position")
    return {data["person"]: setting("person", **facts, left=False)}


def _left(event: Recorded) -> Changes:
    return {event.data["person"]: setting("person", left=True)}


def _assigned(event: Recorded) -> Changes:
    data = event.data
    return {data["teacher"]: setting("groups", data["group"], **picked(data, "begins", "ends", "primary"))}


def _unassigned(event: Recorded) -> Changes:
    data = event.data
    return {data["teacher"]: setting("groups", data["group"], ends=data.get("ends") or event.at[:10])}


def _linked(event: Recorded) -> Changes:
    data = event.data
    link = {**picked(data, "link", "title"), "since": event.at}
    return {data["account"]: setting("children", data["pupil"], **link)}


def _unlinked(event: Recorded) -> Changes:
    data = event.data

    def change(doc: dict[str, object]) -> None:
        children = doc.get("children")
        if isinstance(children, dict) and children.get(data["pupil"], {}).get("link") == data["link"]:
            dropping("children", data["pupil"])(doc)

    return {data["account"]: change}


def _erased(event: Recorded) -> Changes:
    classes = erased_classes(event)

    def change(doc: Doc) -> None:
        if PERSONAL in classes:
            blanking("portal", names=(*NAMES, "login", "email"))(doc)
            for child in doc.get("children", {}).values():
                child["title"] = None
        if RECORD in classes:
            blanking("person")(doc)

    # The count tells every web process to forget what it remembers of pages.
    return {event.data["person"]: change, ERASURES: lambda doc: doc.update(count=doc.get("count", 0) + 1)}


def _account_erased(event: Recorded) -> Changes:
    def change(doc: Doc) -> None:
        if "staff" in doc:
            doc["staff"]["closed"] = True

    return {event.data["account"]: change}


ACCESS = Rules(
    "access",
    2,
    {
        "AccountRegistered": _registered,
        "EmailConfirmed": _confirmed,
        "StaffAccountOpened": _staff_opened,
        "StaffAccountClosed": _staff_closed,
        "PasswordChanged": _password,
        "StaffAppointed": _appointed,
        "StaffLeft": _left,
        "TeacherAssigned": _assigned,
        "TeacherUnassigned": _unassigned,
        "DiaryLinked": _linked,
        "LinkRemoved": _unlinked,
        "PersonErased": _erased,
        "AccountErased": _account_erased,
    },
)
