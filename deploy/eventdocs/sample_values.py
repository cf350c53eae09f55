"""The values in examples and samples, by the name of the field."""

from __future__ import annotations

from typing import Any

from services.eventsourcing.ids import derived_id

IDS = {
    "account", "bell", "by", "code", "course", "form", "link", "notice", "parent", "person", "pupil", "school", "slip",
    "teacher", "term",
}  # fmt: skip
GROUP = derived_id("sample", "group")
LESSON = f"{GROUP}.2026-11-24.2"
BY_FIELD: dict[str, Any] = {
    "address": "Москва, Садовая улица, 1",
    "agreement": "2026-09-01",
    "at": "2026-11-24T08:30:00.000000Z",
    "begins": "2026-09-01",
    "channel": "email",
    "comment": "Хорошо рассуждает",
    "due": "2026-11-26",
    "email": "olga@school.example",
    "ends": "2027-05-31",
    "event": f"lesson-{LESSON}@3",
    "expires": "2026-11-24T08:40:00.000000Z",
    "first_name": "Ольга",
    "grade": "7",
    "issue": 1,
    "kind": "test",
    "last_name": "Иванова",
    "locale": "ru",
    "login": "olga.ivanova",
    "mark": "5",
    "name": "Школа № 1",
    "number": 2,
    "patronymic": "Сергеевна",
    "phone": "+7 495 000-00-00",
    "position": "учитель математики",
    "purpose": "confirmation",
    "reason": "опечатка",
    "role": "teacher",
    "room": "204",
    "site": "https://school.example",
    "starts": "08:30",
    "state": "absent",
    "subject": "Алгебра",
    "template": "entry-new",
    "text": "№ 412, 415",
    "title": "Алгебра",
    "topic": "Квадратные уравнения",
    "value": "5",
    "was": "4",
    "weekday": 2,
    "weight": 3,
    "work": "1",
}
BY_EVENT: dict[str, dict[str, Any]] = {
    "SchoolOpened": {"kind": "school", "parent": None},
    "SchoolDetailsChanged": {"kind": "school", "parent": None},
    "TermsSet": {
        "terms": [
            {
                "term": "year2026",
                "title": "2026/27",
                "kind": "year",
                "begins": "2026-09-01",
                "ends": "2027-05-31",
                "parent": None,
            },
            {
                "term": "quarter1",
                "title": "1 четверть",
                "kind": "term",
                "begins": "2026-09-01",
                "ends": "2026-10-25",
                "parent": "year2026",
            },
        ]
    },
    "BellsSet": {"bells": [{"number": 1, "starts": "08:30", "ends": "09:15"}]},
    "HolidaysSet": {"days": [{"begins": "2026-10-26", "ends": "2026-11-03", "title": "Осенние каникулы"}]},
    "MarkScaleSet": {"marks": ["2", "3", "4", "5"]},
    "TimetableSet": {
        "slots": [{"weekday": 2, "number": 2, "starts": "09:25", "ends": "10:10", "room": "204", "teacher": None}]
    },
    "GroupFormed": {"kind": "subject", "title": "7А, алгебра"},
    "PersonRecorded": {"role": "parent"},
    "DiaryLinked": {"title": "Маша"},
    "PayloadsOpened": {
        "operator": "zq4tq3vzvjkm2n5y",
        "service": "diary",
        "stream": "",
        "person": "pupil-7f3a",
        "reason": "complaint 17 of 2026",
    },
    "StoreSealed": {
        "store": "diary",
        "number": 7,
        "cut": derived_id("sample", "cut"),
        "root": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "streams": 1200,
        "commits": 5300,
        "previous": "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "key": "0f1e2d3c4b5a6978",
        "signature": "c2lnbmF0dXJlIG9mIDY0IGJ5dGVzIGluIGJhc2U2NCwgYXMgRWQyNTUxOSBtYWtlcyB0aGVtLi4u",
    },
    "WorkSet": {"title": "Контрольная работа № 2"},
    "NotificationFailed": {"reason": "recipient-refused: 550"},
    "ErasureRequested": {"classes": ["personal"], "reason": "request 12/2026 of the family"},
    "PersonErased": {"classes": ["personal"], "kept": ["record"]},
    "DiaryErased": {"classes": ["personal"], "lessons": [LESSON]},
}
