"""What people do on the portal, in the words of the pages (Russian, as they come)."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.kit.school import School, Slip
from tests.kit.system import System


@dataclass(frozen=True, slots=True)
class Parent:
    """Somebody who will register."""

    last: str
    first: str
    login: str
    email: str
    password: str = "vesna-lodka-2719"


def register(page: Page, parent: Parent, system: System) -> None:
    """From the home page to a confirmed account."""
    page.goto("/")
    page.get_by_role("link", name="Зарегистрироваться").first.click()
    page.get_by_label("Фамилия").fill(parent.last)
    page.get_by_label("Имя", exact=True).fill(parent.first)
    page.locator("[name=email]").fill(parent.email)
    page.locator("[name=login]").fill(parent.login)
    page.locator("[name=password]").fill(parent.password)
    page.locator("[name=question]").select_option("school")
    page.locator("[name=answer]").fill("17")
    page.locator("[name=agreement]").check()
    page.get_by_role("button", name="Зарегистрироваться").click()
    page.locator("[name=code]").fill(system.code_for(parent.email))
    page.get_by_role("button", name="Подтвердить").click()


def sign_in(page: Page, login: str, password: str) -> None:
    """By the portal's door."""
    page.goto("/sign-in")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Войти").click()


def open_wizard(page: Page) -> None:
    """From the catalogue's card to the form."""
    page.goto("/")
    page.get_by_role("link", name="Получить услугу").first.click()


def fill_slip(page: Page, slip: Slip, title: str | None = None) -> None:
    """What the wizard asks for."""
    another = page.locator("[name=choice][value=new]")
    if another.get_attribute("type") == "radio":
        another.check(force=True)
    if title is not None:
        page.locator("[name=title]").fill(title)
    page.locator("[name=login]").fill(slip.login)
    page.locator("[name=password]").fill(slip.password)
    page.get_by_role("button", name="Продолжить").click()


def link(page: Page, slip: Slip, title: str | None = None) -> None:
    """The whole wizard, to the open diary."""
    open_wizard(page)
    fill_slip(page, slip, title)
    page.get_by_role("button", name="Готово").click()
    expect(page.locator("h1")).to_contain_text("Дневник")


def enter_first_time(page: Page, school: School, key: str) -> None:
    """The first time at the staff door: the one-time password is changed at once."""
    issued, own = school.staff[key], f"osen-klen-{key}"
    page.goto("/staff")
    page.locator("[name=login]").fill(issued["login"])
    page.locator("[name=password]").fill(school.own.get(key, issued["password"]))
    page.get_by_role("button", name="Войти").click()
    if key not in school.own:
        page.locator("[name=old]").fill(issued["password"])
        page.locator("[name=new]").fill(own)
        page.get_by_role("button", name="Сохранить").click()
        school.own[key] = own
