"""The address by which people change their own password."""

from flask import Flask, Response

from services.eventsourcing.problems import Problem
from services.eventsourcing.web import committed, extension, meta, only, read
from services.identity.password.changing import Changing
from services.identity.password.schemas import PasswordChangeSchema


def add_routes(app: Flask) -> None:
    """Register the address."""
    app.add_url_rule("/accounts/<account>/password", view_func=change, methods=["POST"])


def change(account: str) -> Response:
    """POST /accounts/<id>/password: only for one's own account."""
    if only("portal", "staff").account != account:
        raise Problem(403, "forbidden", "Only your own password can be changed.")
    form = read(PasswordChangeSchema())
    changing: Changing = extension("changing")
    return committed(changing.change(account, form["old"], form["new"], meta()), account=account)
