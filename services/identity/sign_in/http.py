"""The address of both doors."""

from flask import Flask, Response

from services.eventsourcing.decider import Refused
from services.eventsourcing.watch.metrics import AUTH_FAILURES
from services.eventsourcing.web import answer, extension, read
from services.identity.account.http import client_key
from services.identity.sign_in.schemas import SignInSchema
from services.identity.sign_in.sign_in import SignIn
from services.identity.throttle.limits import TooMany


def add_routes(app: Flask) -> None:
    """Register the address."""
    app.add_url_rule("/sign-in", view_func=sign_in, methods=["POST"])


def sign_in() -> Response:
    """POST /sign-in: who it is. The session is the gateway's."""
    form = read(SignInSchema())
    doors: SignIn = extension("sign-in")
    try:
        entered = doors.enter(form["login"], form["password"], form["door"], client_key())
    except (Refused, TooMany) as refusal:
        AUTH_FAILURES.labels(refusal.code).inc()
        raise
    account, head = entered.account.state, entered.account.head
    return answer(
        {
            "account": account.id,
            "kind": account.kind,
            "must_change": entered.must_change,
            "stream": head.stream,
            "version": head.version,
        }
    )
