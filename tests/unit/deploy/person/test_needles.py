"""What counts as readable of a person, and what belongs to somebody of the same name."""

from __future__ import annotations

import json

import pytest

from deploy.diaryctl.person import needles
from deploy.diaryctl.person.known import Known, Value
from deploy.diaryctl.person.needles import Sieve, needles_of

MASHA, ILYA = "mashamashamasha2", "ilyailyailyailya"
VALUES = frozenset(
    {
        Value("last_name", "record", "Орлова"),
        Value("first_name", "record", "Мария"),
        Value("comment", "personal", "Хорошо рассуждает"),
        Value("email", "personal", "masha@example.org"),
        Value("login", "personal", "abc"),
    }
)
NEEDLES = needles_of(Known(MASHA, (), VALUES, 0))
NAMES = {"last_name": "Орлова", "first_name": "Мария"}

READABLE = {
    "her document": {"_id": f"pupil:{MASHA}", "first_name": "Мария"},
    "a document inside another": {"_id": "x", "children": {MASHA: {"title": "Мария"}}},
    "a cell of her": {"_id": "cells:8a:2026-W48", "cells": {f"2026-11-24/2/{MASHA}": {"comment": "Хорошо рассуждает"}}},
    "beside her id": {"_id": "x", "account": MASHA, "first_name": "Мария"},
    "her address anywhere": {"_id": f"pupil:{ILYA}", "note": "to masha@example.org"},
    "both names in nobody's place": {"_id": "x", **NAMES},
    "both names in a sentence": {"_id": "x", "text": "Орлова Мария опоздала"},
    "bytes": {"_id": f"week|{MASHA}", "event": "Мария".encode()},
    "a list": {"_id": MASHA, "names": [{"first": "Мария"}]},
}  # fmt: skip
NOT_HERS = {
    "somebody of the same name": {"_id": f"pupil:{ILYA}", **NAMES},
    "a first name alone": {"_id": "x", "first_name": "Мария"},
    "the same words about another": {"_id": f"entries:{ILYA}:2026-W48", "comment": "Хорошо рассуждает"},
    "a login that is part of a word": {"_id": MASHA, "text": "xabcx"[0:1]},
    "her id alone": {"_id": f"pupil:{MASHA}", "first_name": None},
}


@pytest.mark.parametrize("what", READABLE)
def test_this_is_readable(what: str) -> None:
    assert list(NEEDLES.hits(READABLE[what]))


@pytest.mark.parametrize("what", NOT_HERS)
def test_this_is_not_hers(what: str) -> None:
    assert not list(NEEDLES.hits(NOT_HERS[what]))


def test_the_sieve_sees_utf8_and_both_ways_of_writing_json() -> None:
    sieve = Sieve([NEEDLES])
    for text in ("Мария", json.dumps("Мария"), json.dumps("Мария", ensure_ascii=False)):
        assert sieve.holds(text.encode())
    assert not sieve.holds("Илья".encode())


def test_the_sieve_looks_through_many_at_once_and_misses_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needles, "AT_ONCE", 100)
    contents = [(number, f"{'Мария' if number % 50 == 7 else 'Илья'} {number}".encode()) for number in range(200)]
    assert [number for number, _ in Sieve([NEEDLES]).sift(contents)] == [7, 57, 107, 157]


def test_no_text_reaches_over_from_one_content_to_the_next() -> None:
    assert not list(Sieve([NEEDLES]).sift([(1, "Мар".encode()), (2, "ия".encode())]))


def test_there_is_nothing_to_look_for_when_nothing_is_known() -> None:
    assert not Sieve([needles_of(Known(MASHA, (), frozenset(), 0))])
