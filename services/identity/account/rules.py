"""The rules of the registration form that need more than one field."""

from collections.abc import Iterator, Mapping
from typing import Any

from email_validator import EmailNotValidError, validate_email

from services.identity.faults import Fault
from services.identity.naming import LOGIN_SHAPE, is_address, plain
from services.identity.password.rules import password_fault

CONTEXT = ("login", "email", "last_name", "first_name", "patronymic")


def registration_faults(form: Mapping[str, Any]) -> Iterator[Fault | None]:
    """Everything that is wrong with a form of the right types and lengths."""
    yield email_fault(form["email"])
    yield login_fault(form["login"], form["email"])
    yield password_fault(form["password"], {name: form[name] for name in CONTEXT})


def email_fault(email: str) -> Fault | None:
    """An address somebody could have; whether it exists only a letter can tell."""
    try:
        written_address(email)
    except EmailNotValidError:
        return Fault("email", "email-shape", "This is not an e-mail address.")
    return None


def written_address(email: str) -> str:
    """The address as letters are sent to it. Raises EmailNotValidError."""
    return validate_email(email, check_deliverability=False, globally_deliverable=False).normalized


def login_fault(login: str, email: str) -> Fault | None:
    """A login is a short word, or the person's own address: an address of somebody else would shadow that person."""
    form = plain(login)
    if is_address(form):
        if form == plain(email):
            return None
        return Fault("login", "login-other-address", "As a login, only your own e-mail address may be used.")
    if LOGIN_SHAPE.fullmatch(form):
        return None
    sentence = "Use 3 to 64 letters of one alphabet, digits, dots, hyphens or underscores, or your e-mail address."
    return Fault("login", "login-shape", sentence)
