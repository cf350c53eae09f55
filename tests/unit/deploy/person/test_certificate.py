"""The certificate says everything that the order asks for, in both languages, and names nobody."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from deploy.diaryctl.person.certificate_paper import print_certificate
from deploy.diaryctl.person.certificate_words import WORDS
from deploy.diaryctl.person.law import classes_to_erase, kept_rules
from services.eventsourcing.message import PERSONAL, RECORD


def facts() -> dict[str, Any]:
    kept = [{"of": rule.of, "what": rule.what, "why": rule.why} for rule in kept_rules([PERSONAL])]
    entry = {
        "event": "erasure-p2@2", "type": "PersonErased", "at": "2026-11-24T08:30:00.000000Z", "service": "identity",
        "commit": "ab" * 32, "log": {"partition": 1, "offset": 7},
    }  # fmt: skip
    person = {
        "person": "p2", "roles": ["pupil"], "erased": [PERSONAL], "readable": [], "searched": True,
        "keys_destroyed": {PERSONAL: "2026-11-24T08:30:00+00:00"}, "events_about": 3,
        "fields": [{"class": PERSONAL, "field": "comment", "values": 4}], "sealed_values": {"closed": 4, "open": 0},
        "extract": [entry],
    }  # fmt: skip
    return {
        "installation": "https://diary.example", "at": "2026-11-24T08:31:00+00:00", "operator": "olga",
        "reason": "request 12", "systems": ["identity", "diary"], "persons": [person, person], "kept": kept,
        "search": {"values": 5, "collections": 80, "documents": 900, "records": 1000, "files": 11, "bytes": 3_000_000,
                   "readable": 0},
        "removed": {"former_generations": [], "stored_mails": 2}, "residues": {"key_backup_days": 30},
    }  # fmt: skip


@pytest.mark.parametrize("lang", WORDS)
def test_it_says_who_what_when_why_and_how(lang: str) -> None:
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(print_certificate(facts(), lang, "k1"))).pages)
    for expected in ("p2", "olga", "request 12", "erasure-p2@2", "ab" * 32, "1@7", "k1", "900", "2026-11-24T08:31"):
        assert expected in text.replace("\n", ""), expected


def test_both_languages_have_the_same_words() -> None:
    assert WORDS["ru"].keys() == WORDS["en"].keys()


def test_what_the_law_keeps_is_said_by_rule() -> None:
    assert classes_to_erase(True) == (PERSONAL,) and classes_to_erase(False) == (PERSONAL, RECORD)
    assert len(kept_rules((PERSONAL,))) == len(kept_rules((PERSONAL, RECORD))) + 1
