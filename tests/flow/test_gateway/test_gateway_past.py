"""Pages as they were: what they show, what is marked as different today, who may look, what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from services.eventsourcing.core import open_vault
from services.eventsourcing.message import PERSONAL, RECORD
from services.eventsourcing.mongo import connect
from services.eventsourcing.vault_mongo import MongoKeyRing
from tests.flow.test_gateway.portal import Portal
from tests.unit.gateway.history import (
    ALGEBRA,
    FORM,
    HEAD,
    ILYA,
    MASHA,
    MONDAY,
    OTHER_TEACHER,
    PARENT,
    STRANGER,
    TEACHER,
    TUESDAY,
    sealed,
    small_school,
)


def week(portal: Portal, asof: str, pupil: str = MASHA, account: str = PARENT) -> Any:
    """The week of Tuesday over the API."""
    path = f"/api/v1/diaries/{pupil}/week?date={TUESDAY}" + (f"&asof={asof}" if asof else "")
    return portal.visitor().get(path, headers=portal.bearer(account))


def marks(page: Any) -> list[str]:
    """The marks of a week."""
    lessons = [lesson for day in page.get_json()["days"] for lesson in day["lessons"]]
    return [mark["value"] for lesson in lessons for mark in lesson["marks"]]


def differences(page: Any) -> list[tuple[str, str | None, str | None]]:
    """What the page says is different today."""
    return [(one["what"], one["was"], one["now"]) for one in page.get_json()["asof"]["differences"]]


def test_a_date_shows_the_page_as_it_was_when_that_day_ended_at_school(story: Portal) -> None:
    assert marks(week(story, "")) == ["4", "5"]
    assert marks(week(story, TUESDAY)) == ["3"]
    assert marks(week(story, MONDAY)) == []
    assert marks(week(story, "2026-11-25")) == ["4", "5"]


def test_a_moment_is_exact_and_may_name_its_zone(story: Portal) -> None:
    assert marks(week(story, "2026-11-24T23:59:59")) == []
    assert marks(week(story, "2026-11-25T00:00")) == marks(week(story, "2026-11-24T21:00Z")) == ["4", "5"]
    assert marks(week(story, "2026-11-24T22:59:59%2B02:00")) == []


def test_what_is_different_today_is_told(story: Portal) -> None:
    changed = differences(week(story, TUESDAY))
    assert ("mark", "3", "5") in changed and ("mark", None, "4") in changed and ("homework", "№ 1", "№ 2") in changed
    assert differences(week(story, "2026-11-25")) == []
    assert week(story, "").get_json()["asof"] is None


def test_the_page_says_so_in_words_and_stays_in_the_past(story: Portal) -> None:
    client = story.browser(PARENT)
    text = client.get(f"/diary/{MASHA}?asof={TUESDAY}&lang=en").get_data(as_text=True)
    assert "As it was on 24 November 2026" in text and "Back to today" in text
    assert re.search(r"today</span>\s*Mark: <del>3</del> → 5", text)
    assert f'href="/diary/{MASHA}/marks?asof={TUESDAY}"' in text and f'href="/diary/{MASHA}">Back' in text
    assert "data-live" not in text and not re.search(r'<form[^>]*method="post"(?! action="/(sign-out|language))', text)


@pytest.mark.parametrize("page", ["", "/marks", "/dates"])
def test_every_page_of_marks_has_its_past(story: Portal, page: str) -> None:
    client = story.browser(PARENT)
    text = client.get(f"/diary/{MASHA}{page}?asof={TUESDAY}&lang=en").get_data(as_text=True)
    assert "As it was on 24 November 2026" in text and "<del>3</del> → 5" in text
    assert "As it was…" in client.get(f"/diary/{MASHA}{page}").get_data(as_text=True)


def test_an_average_of_the_past_comes_from_the_marks_of_the_past(story: Portal) -> None:
    path = f"/api/v1/diaries/{MASHA}/marks?asof={TUESDAY}"
    page = story.visitor().get(path, headers=story.bearer(PARENT)).get_json()
    algebra = next(one for one in page["subjects"] if one["title"] == "Алгебра")
    assert algebra["average"] == "3.00"
    assert {"was": "3.00", "now": "4.50"}.items() <= next(
        one for one in page["asof"]["differences"] if one["what"] == "average"
    ).items()


@pytest.mark.parametrize(
    ("asof", "code"),
    [
        ("2999-01-01", "asof-future"),
        ("2026-11-32", "asof-unreadable"),
        ("yesterday", "asof-unreadable"),
        ("0001-01-01T00:00%2B23:59", "asof-unreadable"),
        ("2026-08-31", "asof-before-school"),
    ],
)
def test_a_moment_that_is_no_past_is_refused_in_words(story: Portal, asof: str, code: str) -> None:
    answer = week(story, asof)
    assert (answer.status_code, answer.get_json()["code"], answer.get_json()["field"]) == (422, code, "asof")
    page = story.browser(PARENT).get(f"/diary/{MASHA}?asof={asof}&lang=en")
    assert page.status_code == 422 and "Back to today" in page.get_data(as_text=True)


def test_before_the_admission_the_page_says_when_the_diary_begins(story: Portal) -> None:
    answer = week(story, TUESDAY, "lev")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "asof-before-diary")
    page = story.browser(PARENT).get(f"/diary/lev?asof={TUESDAY}&lang=en").get_data(as_text=True)
    assert "it begins on 25 November 2026" in page


def test_the_school_of_the_past_tells_what_is_different_today(story: Portal) -> None:
    history, later = story.history, "2026-11-25T09:00:00.000000Z"
    names = {"last_name": "Орлова", "first_name": "Нина", "patronymic": None, "email": None}
    story.know(history.add("staff-orlova", "StaffAppointed", at=later, person="orlova", school="school",
                           roles=["teacher"], position="завуч", **names))  # fmt: skip
    client = story.browser(PARENT)
    text = client.get(f"/diary/{MASHA}/school?asof={TUESDAY}&lang=en").get_data(as_text=True)
    assert "As it was on 24 November 2026" in text and "Employee: Орлова Нина, завуч" in text
    assert "Pupil: Абрамов Лев" in text
    page = story.visitor().get(f"/api/v1/diaries/{MASHA}/school?asof={TUESDAY}", headers=story.bearer(PARENT))
    assert "завуч" not in str(page.get_json()["staff"])


def test_todays_rights_count_for_every_past(story: Portal) -> None:
    assert week(story, TUESDAY, ILYA).status_code == 404
    assert week(story, "2026-08-31", ILYA).status_code == 404
    assert week(story, TUESDAY, ILYA, STRANGER).status_code == 200
    story.know(story.history.add("diary-ilya", "LinkRemoved", pupil=ILYA, account=STRANGER, link=f"{STRANGER}{ILYA}"))
    assert week(story, TUESDAY, ILYA, STRANGER).status_code == 404


def test_a_link_made_later_may_read_the_whole_past_of_its_child(story: Portal) -> None:
    story.know(story.history.add("diary-ilya", "DiaryLinked", pupil=ILYA, account=PARENT, link="x", title="Мама"))
    assert week(story, TUESDAY, ILYA).status_code == 200


def test_the_journal_of_the_past_is_for_reading_and_for_todays_readers(story: Portal) -> None:
    path = f"/staff/journal/{ALGEBRA}?asof={TUESDAY}&lang=en"
    text = story.browser(TEACHER, "staff").get(path).get_data(as_text=True)
    assert "As it was on 24 November 2026" in text and "→5" in text.replace("</span>", "")
    assert "journal/main.js" not in text and 'name="topic"' not in text and 'id="journal"' not in text
    assert story.browser(HEAD, "staff").get(path).status_code == 200
    assert story.browser(OTHER_TEACHER, "staff").get(path).status_code == 404


def test_the_journal_over_the_api_is_locked_in_the_past(story: Portal) -> None:
    path = f"/api/v1/journals/{ALGEBRA}?asof={TUESDAY}"
    page = story.visitor().get(path, headers=story.bearer(TEACHER, "staff")).get_json()
    assert all(column["locked"] for column in page["columns"])
    assert ("mark", "3", "5") in [(one["what"], one["was"], one["now"]) for one in page["asof"]["differences"]]


def test_the_class_of_the_past_tells_who_came_later_and_prints_nothing(story: Portal) -> None:
    text = story.browser(TEACHER, "staff").get(f"/staff/class/{FORM}?asof={TUESDAY}&lang=en").get_data(as_text=True)
    assert "Pupil: Абрамов Лев" in text and "(added later)" in text
    assert "Print slips" not in text and 'name="pupils"' not in text


def test_a_foreign_class_stays_foreign_in_the_past(story: Portal) -> None:
    client = story.browser(OTHER_TEACHER, "staff")
    assert client.get(f"/staff/class/{FORM}?asof={TUESDAY}").status_code == 404
    assert client.get(f"/api/v1/classes/{FORM}?asof={TUESDAY}").status_code == 404


def test_the_api_describes_the_parameter(story: Portal) -> None:
    paths = story.visitor().get("/api/v1/openapi.json").get_json()["paths"]
    for path in ("/api/v1/diaries/{pupil}/week", "/api/v1/diaries/{pupil}/marks", "/api/v1/journals/{group}"):
        asof = next(one for one in paths[path]["get"]["parameters"] if one["name"] == "asof")
        assert "as it was" in asof["description"], path
    assert "asof" not in [one["name"] for one in paths["/api/v1/staff/day"]["get"]["parameters"]]


def test_an_erased_pupil_is_nobody_in_every_past(portal: Portal) -> None:
    settings = portal.world.settings("gateway", "worker")
    vault, history = open_vault(settings), small_school().grade(TUESDAY, MASHA, "3", comment="болел")
    stored = [sealed(vault, event) for event in history.events]
    portal.know(history, stored)
    client = portal.browser(TEACHER, "staff")
    page, api = f"/staff/journal/{ALGEBRA}?asof=2026-11-25&lang=en", f"/api/v1/journals/{ALGEBRA}?asof=2026-11-25"
    assert "Маша" in client.get(page).get_data(as_text=True) and "болел" in client.get(api).get_data(as_text=True)
    ring = MongoKeyRing(connect(settings.vault_url)[settings.vault_database], settings.master_key)
    assert ring.destroy(MASHA, PERSONAL) and ring.destroy(MASHA, RECORD)
    history.add("erasure-masha", "PersonErased", person=MASHA, classes=[PERSONAL, RECORD], kept=[])
    history.add(
        "diary-masha", "DiaryErased", pupil=MASHA, classes=[PERSONAL, RECORD], lessons=[f"{ALGEBRA}.{TUESDAY}.2"]
    )
    portal.know(history, [*stored, *history.events[len(stored) :]])
    text = client.get(page).get_data(as_text=True)
    assert "Маша" not in text and "data erased" in text and "Илья" in text
    assert "болел" not in client.get(api).get_data(as_text=True)
