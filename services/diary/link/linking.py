"""Checking a slip and linking the diary it opens."""

from __future__ import annotations

from dataclasses import dataclass

from services.diary.diary.commands import LinkDiary
from services.diary.diary.decider import DIARY
from services.diary.diary.events import DiaryLinked
from services.diary.link.tries_store import OF_ACCOUNT, OF_SLIP, Tries
from services.diary.service import Diary
from services.diary.slip.code import is_login, is_password, read_pair
from services.diary.slip.secret import SlipSecrets, equal
from services.diary.slip.slip_store import Secret, SlipStore
from services.eventsourcing.clock import moment
from services.eventsourcing.decider import Committed, Refused
from services.eventsourcing.ids import new_id
from services.eventsourcing.message import Meta

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Linked:
    """Which diary, by which link, and the commit that made it."""

    pupil: str
    link: str
    done: Committed


class Linking:
    """Links diaries; an unknown login and a wrong password look the same, in words and in time."""

    def __init__(self, diary: Diary, store: SlipStore, secrets: SlipSecrets, tries: Tries) -> None:
        self._diary = diary
        self._store = store
        self._secrets = secrets
        self._tries = tries

    def link(self, account: str, login: str, password: str, title: str, meta: Meta) -> Linked:
        """Link the diary that the slip opens. Raises Refused, or a 429 problem after too many tries."""
        login, password = read_pair(login, password)
        _check_form(login, password)
        secret = self._checked(account, login, password, meta)
        done = self._diary.run(LinkDiary(secret.pupil, account, new_id(), title), meta)
        self._store.used(secret)
        return Linked(secret.pupil, self._link_of(account, secret.pupil, done), done)

    def _checked(self, account: str, login: str, password: str, meta: Meta) -> Secret:
        now, key = moment(meta.at), self._secrets.key(login)
        left = self._tries.take(OF_ACCOUNT, account, now)
        self._tries.take(OF_SLIP, key, now)
        secret = self._store.find(key, now)
        state = self._diary.executor.load(DIARY, secret.pupil if secret else NOBODY).state
        given = self._secrets.hash(login, password)
        right = equal(given, secret.hash if secret else "")
        if secret is None or not right or state.slip != secret.slip:
            raise _wrong(left)
        self._tries.give_back(OF_ACCOUNT, account)
        self._tries.give_back(OF_SLIP, key)
        return secret

    def _link_of(self, account: str, pupil: str, done: Committed) -> str:
        made = next((event.link for event in done.events if isinstance(event, DiaryLinked)), None)
        return made or self._diary.executor.load(DIARY, pupil).state.links[account]


def _check_form(login: str, password: str) -> None:
    """Hints that come from what was typed alone, so they tell nothing about any slip."""
    if not is_login(login):
        raise Refused(
            "slip-login-form",
            "A diary login has eight letters and digits, as on the slip from school. It is not the portal login.",
            field="login",
        )
    if not is_password(password):
        raise Refused(
            "slip-looks-like-portal-password",
            "This does not look like a diary password. Type the one from the slip, not your portal password.",
            field="password",
        )


def _wrong(left: int) -> Refused:
    return Refused(
        "slip-wrong",
        "Login or diary password do not match. Type the diary password from the newest slip of the school. "
        "Attempts left: {left}.",
        field="password",
        left=left,
    )
