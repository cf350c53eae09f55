"""An operator at the portal: how everything stands, and every event of a pupil, masked until a reason is given."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visitor
from tests.kit.school import School, identity
from tests.kit.system import System


def test_an_operator_sees_every_service_and_opens_contents_with_a_reason(
    visitor: Visitor, system: System, school: School
) -> None:
    (issued,) = system.diaryctl_json("staff", "operator", "Операторова", "Анна")
    page = visitor(viewport=PHONE)
    page.goto("/staff")
    page.locator("[name=login]").fill(issued["login"])
    page.locator("[name=password]").fill(issued["password"])
    page.get_by_role("button", name="Войти").click()
    page.locator("[name=old]").fill(issued["password"])
    page.locator("[name=new]").fill("osen-klen-3141")
    page.get_by_role("button", name="Сохранить").click()

    expect(page.get_by_role("heading", name="Эксплуатация")).to_be_visible()
    expect(page.get_by_role("row", name="gateway/gateway")).to_be_visible()
    for service in ("identity/", "diary/", "notify/"):
        expect(page.get_by_role("rowheader", name=service).first).to_be_visible()

    page.goto("/staff/console/streams")
    page.locator("[name=person]").first.fill(identity("user", "p-masha"))
    page.get_by_role("button", name="Показать", exact=True).click()
    first = page.locator(".commits details").first
    first.locator("summary").click()
    expect(first).to_contain_text("•••")
    page.locator("[name=reason]").fill("Обращение 17")
    page.get_by_role("button", name="Показать содержимое").click()
    expect(page.get_by_text("содержимое показано")).to_be_visible()
    expect(page.get_by_text("Мария").first).to_be_visible()
    assert "Обращение 17" in system.diaryctl("looks")
