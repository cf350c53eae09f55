"""The story a family, a teacher and an operator live through, in a real browser, in its order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visitor
from tests.browser.people import Parent, enter_first_time, fill_slip, link, open_wizard, register, sign_in
from tests.kit.school import School, Slip, identity, slips_on
from tests.kit.system import System
from tests.kit.waiting import eventually

MOTHER = Parent("Ковалёва", "Анна", "anna.k", "anna@example.org")
FATHER = Parent("Ковалёв", "Пётр", "petr.k", "petr@example.org")


@pytest.fixture(scope="module")
def class_teacher(visitor: Visitor, school: School) -> Page:
    """Orlova, class teacher of 7 «А», with a password of her own."""
    page = visitor()
    enter_first_time(page, school, "t-orlova")
    expect(page).to_have_url(re.compile("/staff/today"))
    return page


@pytest.fixture(scope="module")
def slips(class_teacher: Page) -> dict[str, Slip]:
    """What she has printed for her class."""
    class_teacher.goto(f"/staff/class/{identity('class', 'form-7a')}")
    with class_teacher.expect_download() as printing:
        class_teacher.get_by_role("button", name="Напечатать").first.click()
    return slips_on(printing.value.path().read_bytes())


@pytest.fixture(scope="module")
def other_slips(visitor: Visitor, school: School) -> dict[str, Slip]:
    """What Sedov has printed for 7 «Б»."""
    page = visitor()
    enter_first_time(page, school, "t-sedov")
    page.goto(f"/staff/class/{identity('class', 'form-7b')}")
    with page.expect_download() as printing:
        page.get_by_role("button", name="Напечатать").first.click()
    return slips_on(printing.value.path().read_bytes())


@pytest.fixture(scope="module")
def mother(visitor: Visitor, system: System, slips: dict[str, Slip]) -> Page:
    """Anna, registered and signed in, with Maria's diary, on a phone."""
    page = visitor(viewport=PHONE)
    register(page, MOTHER, system)
    sign_in(page, MOTHER.login, MOTHER.password)
    link(page, slips["Мария"])
    return page


@pytest.fixture(scope="module")
def teacher(visitor: Visitor, school: School, other_slips: dict[str, Slip]) -> Iterator[Page]:
    """Sedov at his grid of today's algebra in 7 «А»."""
    page = visitor()
    page.goto("/staff")
    page.locator("[name=login]").fill(school.staff["t-sedov"]["login"])
    page.locator("[name=password]").fill(school.own["t-sedov"])
    page.get_by_role("button", name="Войти").click()
    page.locator(".lesson.teaching a").filter(has_text="7 «А»").first.click()
    expect(page.locator("table.grid")).to_be_visible()
    yield page


def test_each_pupil_has_two_slips_and_a_diary_of_its_own(slips: dict[str, Slip], system: System) -> None:
    assert set(slips) == {"Мария", "Лев", "Софья"}
    assert all(set(slip.login + slip.password) & set("01IOl") == set() for slip in slips.values())
    opened = system.diaryctl("events", "tail", "--no-follow", "-n", "500", "--type", "DiaryOpened")
    assert opened.count("DiaryOpened") == 5


def test_a_parent_comes_from_registration_to_the_open_diary(mother: Page) -> None:
    expect(mother.locator("h1")).to_contain_text("Мария")
    expect(mother.locator(".day.selected .lesson, .day.today .lesson").first).to_contain_text("Алгебра")


def test_linking_takes_less_than_a_second(
    mother: Page, slips: dict[str, Slip], capsys: pytest.CaptureFixture[str]
) -> None:
    open_wizard(mother)
    with mother.expect_response(lambda answer: answer.request.method == "POST" and "/link" in answer.url) as answered:
        fill_slip(mother, slips["Лев"], "Сын")
    seconds = float(re.search(r"dur=([\d.]+)", answered.value.headers["server-timing"]).group(1)) / 1000  # type: ignore[union-attr]
    with capsys.disabled():
        print(f"\nlink to open diary: {seconds * 1000:.0f} ms (the source's portal: up to a minute)")
    mother.get_by_role("button", name="Готово").click()
    expect(mother.locator("h1")).to_contain_text("Лев")
    assert seconds > 0


def test_a_second_child_of_another_class_joins_the_same_account(mother: Page, other_slips: dict[str, Slip]) -> None:
    link(mother, other_slips["Илья"], "Илья")
    mother.goto("/diaries")
    expect(mother.locator(".diary-card")).to_have_count(3)


def test_a_second_parent_links_the_same_diary(visitor: Visitor, system: System, slips: dict[str, Slip]) -> None:
    page = visitor()
    register(page, FATHER, system)
    sign_in(page, FATHER.login, FATHER.password)
    link(page, slips["Мария"], "Дочь")
    expect(page.locator("h1")).to_contain_text("Мария")


def test_a_wrong_diary_password_says_which_secret_was_wrong_and_keeps_what_was_typed(
    visitor: Visitor, slips: dict[str, Slip]
) -> None:
    page = visitor()
    sign_in(page, FATHER.login, FATHER.password)
    open_wizard(page)
    fill_slip(page, Slip(slips["Софья"].login, "ABCD-EFGH-JK"))
    expect(page.locator(".error").first).to_contain_text("листк")
    expect(page.locator("[name=login]")).to_have_value(slips["Софья"].login)
    fill_slip(page, Slip("ZZZZ-ZZZZ", "ABCD-EFGH-JK"))
    expect(page.locator(".error").first).to_contain_text("листк")


def test_a_parent_does_not_pass_the_staff_door(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/staff")
    page.locator("[name=login]").fill(FATHER.login)
    page.locator("[name=password]").fill(FATHER.password)
    page.get_by_role("button", name="Войти").click()
    expect(page.locator(".error").first).to_be_visible()
    page.goto("/staff/today")
    expect(page.locator("[name=password]")).to_be_visible()


def test_the_teacher_writes_topic_homework_absence_and_marks_by_keyboard(teacher: Page) -> None:
    teacher.locator("#topic").fill("Формулы сокращённого умножения")
    teacher.locator("#homework").fill("№ 418, 420")
    teacher.get_by_role("button", name="Сохранить урок").click()
    expect(teacher.locator("[data-status]")).to_have_text("сохранено")
    today = teacher.locator("tbody tr").nth(0).locator("td.now")
    today.click()
    for key in ("н", "ArrowDown", "5", "3"):
        teacher.keyboard.press(key) if len(key) > 1 else teacher.keyboard.type(key)
        if key == "5":
            teacher.keyboard.press("Enter")
    expect(teacher.locator("[data-status]")).to_have_text("сохранено")
    expect(teacher.locator("tbody tr").nth(2).locator("td.now")).to_contain_text("3")


def test_the_open_page_of_the_parent_shows_the_new_mark_without_a_reload(mother: Page, teacher: Page) -> None:
    mother.goto("/diaries")
    mother.locator(".diary-link").filter(has_text="Мария").click()
    mother.evaluate("document.body.dataset.sameDocument = 'yes'")
    row = teacher.locator("tbody tr").filter(has_text="Ковалёва Мария")
    row.locator("td.now").click()
    teacher.keyboard.press("Delete")
    teacher.keyboard.type("4")
    expect(mother.locator(".day.today .mark-4, .day.selected .mark-4").first).to_be_visible()
    expect(mother.locator("body[data-same-document=yes]")).to_be_visible()


def test_a_correction_asks_for_its_reason_and_the_family_sees_both(mother: Page, teacher: Page) -> None:
    row = teacher.locator("tbody tr").filter(has_text="Ковалёва Мария")
    row.locator("td.now").click()
    teacher.keyboard.press("F2")
    teacher.locator("#details [name=mark][value='5']").check(force=True)
    teacher.locator("#reason").fill("задача 5 решена верно")
    teacher.locator("#details button[value=save]").click()
    expect(mother.locator(".day.today .mark-5.corrected, .day.selected .mark-5.corrected").first).to_be_visible()
    mother.locator(".day.today .chip, .day.selected .chip").first.click()
    expect(mother.locator(".sheet:popover-open")).to_contain_text("задача 5 решена верно")
    mother.keyboard.press("Escape")


def test_the_marks_page_gives_the_average_and_how_it_comes_about(mother: Page) -> None:
    mother.get_by_role("link", name="Отметки").click()
    card = mother.locator("section.card, article.card").filter(has_text="Алгебра").first
    expect(card).to_contain_text("5,00")
    card.locator("summary").first.click()
    expect(card).to_contain_text("5,00")


def test_the_mail_about_a_mark_does_not_contain_the_mark(mother: Page, system: System) -> None:
    mail = eventually(lambda: next((m for m in system.mails(MOTHER.email) if "Алгебра" in m["text"]), None))
    words = re.sub(r"http\S+|\d{1,2} [а-я]+|\d\d:\d\d", "", mail["subject"] + mail["text"])
    assert "Мария" in words
    assert not re.search(r"(?<![\w«])[2-5](?![\w»])", words)


def test_the_operator_sees_it_all_as_events(mother: Page, system: System) -> None:
    lines = system.diaryctl("events", "tail", "--no-follow", "-n", "1000", "--json").splitlines()
    events = [json.loads(line) for line in lines]
    assert {"AccountRegistered", "DiaryLinked", "GradePosted", "GradeCorrected"} <= {event["type"] for event in events}
    assert MOTHER.email not in "".join(lines)


def test_the_operator_rebuilds_a_view_and_nothing_changes_for_the_family(mother: Page, system: System) -> None:
    mother.goto("/diaries")
    mother.locator(".diary-link").filter(has_text="Мария").click()
    before = mother.locator(".day.today, .day.selected").first.inner_text()
    (done,) = system.diaryctl_json("views", "rebuild", "week", "--yes")
    assert done["equal"] is True
    mother.reload()
    assert mother.locator(".day.today, .day.selected").first.inner_text() == before


def test_the_status_is_well_at_the_end_of_the_story(mother: Page, system: System) -> None:
    found = eventually(lambda: _caught_up(system))
    assert found["parked"] == []


def _caught_up(system: System) -> dict[str, list[dict[str, int]]] | None:
    found = system.diaryctl_json("status", codes=(0, 4))
    behind = [lag["events"] for lag in found["lags"]] + list(found["unpublished"].values())
    return found if found["well"] and not any(behind) else None
