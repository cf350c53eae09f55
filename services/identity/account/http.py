"""The account's addresses: registration, confirmation, another code."""

from flask import Flask, Response, request

from services.eventsourcing.message import Event
from services.eventsourcing.web import committed, extension, meta, read
from services.identity.account.events import AccountRegistered
from services.identity.account.registration import Registration
from services.identity.account.schemas import CodeSchema, RegistrationSchema
from services.identity.naming import Index
from services.identity.throttle.limits import REGISTRATIONS_OF_NETWORK, network
from services.identity.throttle.throttle_store import Throttle

CLIENT_ADDRESS = "X-Client-Address"  # the gateway says it; only services can reach these addresses


def add_routes(app: Flask) -> None:
    """Register the addresses."""
    app.add_url_rule("/accounts", view_func=register, methods=["POST"])
    app.add_url_rule("/accounts/<account>/confirmation", view_func=confirm, methods=["POST"])
    app.add_url_rule("/accounts/<account>/code", view_func=resend, methods=["POST"])


def register() -> Response:
    """POST /accounts: the same answer whether or not the e-mail address is known."""
    form = read(RegistrationSchema())
    client = client_key()
    if client:
        throttle: Throttle = extension("throttle")
        throttle.hit("too-many-registrations", client, REGISTRATIONS_OF_NETWORK)
    done = _registration().register(form, meta())
    return committed(done, 201, account=_account(done.events))


def confirm(account: str) -> Response:
    """POST /accounts/<id>/confirmation."""
    digits = "".join(read(CodeSchema())["code"].split())
    return committed(_registration().confirm(account, digits, meta()), account=account)


def resend(account: str) -> Response:
    """POST /accounts/<id>/code."""
    return committed(_registration().resend(account, meta()), 202, account=account)


def client_key() -> str | None:
    """The client's network as a counter's key. None when the gateway did not say who the client is."""
    found = network(request.headers.get(CLIENT_ADDRESS, ""))
    index: Index = extension("index")
    return index.client(found) if found else None


def _account(events: tuple[Event, ...]) -> str:
    return next(event.account for event in events if isinstance(event, AccountRegistered))


def _registration() -> Registration:
    found: Registration = extension("registration")
    return found
