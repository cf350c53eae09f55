"""A page as it was, in a real browser: on a parent's phone and at a teacher's desk."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.browser.people import enter_first_time, sign_in
from tests.kit.client import new_parent
from tests.kit.school import ZONE, School, identity
from tests.kit.system import System

SONYA = identity("user", "p-sonya")
RUSSIAN = identity("class", "russian-7a")
YESTERDAY = (datetime.now(ZONE) - timedelta(days=1)).date().isoformat()
LOGIN, PASSWORD = "galina", "vesna-lodka-2719"


@pytest.fixture(scope="module")
def moment(system: System, school: School) -> str:
    """Sonya has a 4 at this moment; afterwards it is corrected to a 5."""
    teacher = school.teacher("t-orlova")
    slip = school.slips("7a", teacher, "p-sonya")["Софья"]
    new_parent(system, LOGIN, "Галина").post(
        "/diaries", {"login": slip.login, "password": slip.password, "title": "Мама"}
    )
    lesson = f"/journals/{RUSSIAN}/lessons/{YESTERDAY}/2"
    teacher.post(lesson, {"topic": "Причастие", "entries": [{"pupil": SONYA, "mark": "4"}]})
    then = datetime.now(ZONE).isoformat()
    teacher.post(lesson, {"entries": [{"pupil": SONYA, "mark": "5", "reason": "апелляция"}]})
    return then


def fits(page: Page) -> bool:
    """Nobody has to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_parent_looks_back_and_returns(visitor: Visitor, moment: str, viewport: dict[str, int]) -> None:
    page = visitor(viewport=viewport)
    sign_in(page, LOGIN, PASSWORD)
    page.wait_for_url(re.compile("/diar"))
    page.goto(f"/diary/{SONYA}?date={YESTERDAY}&asof={quote(moment)}")
    banner = page.get_by_label("Страница из прошлого")
    expect(banner).to_contain_text("Как было")
    day = page.locator(f"section[aria-labelledby=d{YESTERDAY}]")
    expect(day.locator(".chip").first).to_contain_text("4")
    expect(day.locator(".later").first).to_have_text(re.compile(r"сегодня\s*Отметка: 4 → 5"))
    assert fits(page)
    page.get_by_role("link", name="Отметки").first.click()
    expect(page).to_have_url(re.compile("/marks.*asof="))
    expect(page.locator(".later").first).to_contain_text("4 → 5")
    page.get_by_role("link", name="Вернуться к сегодня").click()
    expect(page).not_to_have_url(re.compile("asof"))
    page.get_by_text("Как было…").click()
    page.get_by_label("Как было в конце дня").fill(datetime.now(ZONE).date().isoformat())
    page.locator(".past-day").get_by_role("button").click()
    expect(banner).to_contain_text("всё так же")


def test_the_journal_of_the_past_has_nothing_to_write_into(visitor: Visitor, school: School, moment: str) -> None:
    page = visitor()
    enter_first_time(page, school, "t-orlova")
    page.wait_for_url(re.compile("/staff/today"))
    page.goto(f"/staff/journal/{RUSSIAN}?asof={quote(moment)}")
    cell = page.locator(f"tr[data-pupil={SONYA}] td[data-mark='4']")
    expect(cell).to_contain_text("→5")
    cell.click()
    page.keyboard.press("2")
    expect(cell).to_contain_text("→5")
    expect(page.locator("main form:not(.past-day)")).to_have_count(0)
    assert fits(page)
