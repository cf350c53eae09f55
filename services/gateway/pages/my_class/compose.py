"""The class teacher's page. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Any

from services.eventsourcing.clock import moment
from services.gateway.pages.my_class.model import ClassPupil, MyClassPage
from services.gateway.people import by_name, last_first

Doc = Mapping[str, Any]


def compose(
    group: str,
    about: Doc,
    names: Mapping[str, Doc],
    slips: Mapping[str, Doc],
    teacher: str | None,
    prints: bool,
    problem: str | None,
    zone: tzinfo,
) -> MyClassPage:
    """Pupils by name; `slips` are the documents `slip:<pupil>`."""
    listed = sorted(names, key=lambda pupil: by_name(names[pupil]))
    pupils = tuple(_pupil(pupil, names[pupil], slips.get(f"slip:{pupil}", {}), zone) for pupil in listed)
    return MyClassPage(group, about.get("title") or "", teacher, pupils, prints, problem)


def _pupil(pupil: str, name: Doc, slip: Doc, zone: tzinfo) -> ClassPupil:
    issued: date | None = moment(slip["issued"]).astimezone(zone).date() if slip.get("issued") else None
    # Accounts, not links: a parent who linked twice is one reader.
    accounts = {link["account"] for link in slip.get("links", {}).values()}
    return ClassPupil(pupil, last_first(name), issued, int(slip.get("issue") or 0), len(accounts))
