"""Registration and confirmation: what the web asks for, done in an order that a crash cannot harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.eventsourcing.clock import Clock, stamp
from services.eventsourcing.decider import Committed, Executor, Missing, Refused
from services.eventsourcing.ids import derived_id
from services.eventsourcing.message import Meta
from services.eventsourcing.store import Claims, Reservation, Taken
from services.identity.account.answer_store import AnswerStore
from services.identity.account.commands import Confirm, IssueCode, Register
from services.identity.account.decider import ACCOUNT
from services.identity.account.rules import registration_faults, written_address
from services.identity.account.state import Account
from services.identity.code.codes import Codes
from services.identity.faults import refuse
from services.identity.naming import Index, is_address
from services.identity.owner_store import EMAIL, LOGIN
from services.identity.password.hashing import Hasher
from services.identity.password.password_store import Password, PasswordStore
from services.identity.throttle.limits import CODES_OF_ACCOUNT, LETTERS_TO_ADDRESS, TRIES_OF_ACCOUNT
from services.identity.throttle.throttle_store import Throttle


@dataclass(frozen=True, slots=True)
class Registration:
    """An address belongs to whoever confirms it first; until then any number of people may register with it.

    So a registration with a known address does exactly what one with an unknown address does, and takes as long; only
    the letter differs (see Codes.reveal). Secrets are stored before the event: one without an account opens nothing.
    """

    executor: Executor
    passwords: PasswordStore
    answers: AnswerStore
    codes: Codes
    hasher: Hasher
    index: Index
    throttle: Throttle
    clock: Clock

    def register(self, form: Mapping[str, Any], meta: Meta) -> Committed:
        """Open an unconfirmed account; the same request sent again opens no other. Raises Problem, Taken, TooMany."""
        refuse(registration_faults(form))
        email = written_address(form["email"])
        address = self.index.address(email)
        self.throttle.hit("too-many-letters", address, LETTERS_TO_ADDRESS)
        account = derived_id("account", meta.command)
        self._keep_secrets(account, email, form, meta)
        command = self._command(account, email, form, meta)
        try:
            return self.executor.execute(ACCOUNT, account, command, meta, claims=self._claims(form["login"]))
        except Taken:  # another login has to be chosen, and no letter was sent
            self.throttle.take_back("too-many-letters", address, LETTERS_TO_ADDRESS)
            self.passwords.remove(account)
            self.answers.remove(account)
            raise

    def confirm(self, account: str, digits: str, meta: Meta) -> Committed:
        """The address belongs to the account from now on. Each call is one of few tries, whatever the digits."""
        left = self.throttle.hit("too-many-tries", account, TRIES_OF_ACCOUNT)
        state = self._portal(account)
        code = state.code.id if state.code else ""
        if not self.codes.is_right(code, digits, meta.command):
            raise Refused("code-wrong", "This is not the code from the letter.", field="code", left=left)
        email = Reservation(EMAIL, self.index.address(state.email or ""))
        command = Confirm(account, code, stamp(self.clock()))
        try:
            return self.executor.execute(ACCOUNT, account, command, meta, claims=Claims(take=[email]))
        except Taken:
            # Whoever read the letter owns the mailbox, so this tells them nothing about others.
            raise Refused(
                "email-taken", "Another account with this address was confirmed first. Use that one."
            ) from None

    def resend(self, account: str, meta: Meta) -> Committed:
        """Another code; the earlier one is void. Raises TooMany."""
        state = self._portal(account)
        self.throttle.hit("too-many-codes", account, CODES_OF_ACCOUNT)
        self.throttle.hit("too-many-letters", self.index.address(state.email or ""), LETTERS_TO_ADDRESS)
        code = derived_id("code", meta.command)
        expires = self.codes.prepare(code, account)
        return self.executor.execute(ACCOUNT, account, IssueCode(account, code, expires), meta)

    def _keep_secrets(self, account: str, email: str, form: Mapping[str, Any], meta: Meta) -> None:
        subject = self.index.address(email)
        hashed = self.hasher.hash(form["password"], subject)
        self.passwords.add(Password(account, subject, hashed, False, meta.command), self.clock())
        self.answers.add(account, form["question"], form["answer"])

    def _command(self, account: str, email: str, form: Mapping[str, Any], meta: Meta) -> Register:
        code = derived_id("code", meta.command)
        return Register(
            account=account,
            last_name=form["last_name"],
            first_name=form["first_name"],
            patronymic=form["patronymic"],
            login=form["login"],
            email=email,
            locale=form["locale"],
            agreement=form["agreement"],
            code=code,
            expires=self.codes.prepare(code, account),
        )

    def _claims(self, login: str) -> Claims:
        # The own address needs no reservation as a login: it is found as an address.
        taken = [] if is_address(login) else [Reservation(LOGIN, self.index.login(login))]
        return Claims(take=taken)

    def _portal(self, account: str) -> Account:
        state = self.executor.load(ACCOUNT, account).state
        if state.kind != "portal":
            raise Missing("account-unknown", "There is no such account.")
        return state
