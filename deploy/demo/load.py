"""Loads the demonstration school into a running system, through commands; loading it twice changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.demo.accounts import portal_accounts, staff_logins
from deploy.demo.entering import Progress, enter_journal, enter_roster, first_day
from deploy.demo.linking import link_families, open_diaries, slip_to_try
from deploy.demo.registering import Registering
from deploy.demo.school import demo_school
from deploy.demo.sign_ins import SignIn, sign_ins
from services.diary.catalog import registry as diary_registry
from services.diary.importing.oneroster.report import ImportReport
from services.diary.service import Diary
from services.diary.slip.issuing import Issuing
from services.diary.slip.secret import SlipSecrets
from services.diary.slip.slip_store import SlipStore
from services.eventsourcing.clock import Clock, stamp, utc_now
from services.eventsourcing.core import Core, open_core
from services.eventsourcing.settings import Settings
from services.identity.catalog import registry as identity_registry
from services.identity.naming import Index
from services.identity.password.hashing import Hasher

OPENED = time(8)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, and who can sign in where."""

    school: str
    lessons: int
    report: ImportReport
    sign_ins: tuple[SignIn, ...]

    def write(self, path: Path) -> None:
        """Keep the sign-ins for those who start the system; only the owner of the file may read it."""
        path.touch(mode=0o600)
        content = {"school": self.school, "logins": [asdict(one) for one in self.sign_ins]}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def load(
    settings: Callable[[str], Settings],
    *,
    seed: int = 7,
    lang: str = "ru",
    clock: Clock = utc_now,
    progress: Progress = lambda done, total: None,
) -> Loaded:
    """Load the school of this seed as it is today.

    `settings` gives the settings of a service, with the right to write into its store. Staff accounts come first, so
    that each appointment finds its account; the journal comes before the links, so that nobody is told old news.
    """
    now = clock()
    zone = ZoneInfo(settings("diary").timezone)
    school = demo_school(now.astimezone(zone).date(), seed, lang)
    identity, diary_core = (
        open_core(settings("identity"), identity_registry),
        open_core(settings("diary"), diary_registry),
    )
    diary = Diary(diary_core.executor)
    opened = datetime.combine(school.year.begins, OPENED, zone)
    people = _registering(identity, settings("identity"), lang)
    people.staff(staff_logins(school), opened, now)
    report = enter_roster(school, diary, lambda done, total: None)
    open_diaries(school, diary, first_day(school))
    lessons = enter_journal(school, diary, now, progress)
    accounts = tuple(portal_accounts(school))
    people.portal(accounts, opened + timedelta(days=1), now)
    link_families(accounts, diary, stamp(opened + timedelta(days=2)))
    slip = slip_to_try(school, _issuing(diary, diary_core, settings("diary")), now)
    return Loaded(school.name, lessons, report, sign_ins(school, accounts, slip, settings("diary").portal_url))


def _registering(core: Core, settings: Settings, lang: str) -> Registering:
    return Registering(core, Index(settings.master_key), Hasher(settings.master_key), lang)


def _issuing(diary: Diary, core: Core, settings: Settings) -> Issuing:
    return Issuing(diary, SlipStore(core.db), SlipSecrets(settings.master_key))
