"""A real browser before the running system."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.kit.living import school, system
from tests.kit.system import System
from tests.kit.waiting import PATIENCE

__all__ = ["school", "system"]

QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 860}

Visitor = Callable[..., Page]

expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser of the machine when there is one, else the one Playwright has downloaded."""
    own = shutil.which("chromium") or shutil.which("google-chrome")
    return {**browser_type_launch_args, "args": QUIET, **({"executable_path": own} if own else {})}


@pytest.fixture(scope="module")
def visitor(browser: Browser, system: System) -> Iterator[Visitor]:
    """Somebody with a browser of their own; at the end nobody has seen an error of the page."""
    contexts = []
    errors: list[str] = []

    def arrive(viewport: dict[str, int] = DESKTOP, locale: str = "ru-RU") -> Page:
        context = browser.new_context(base_url=system.portal, viewport=viewport, locale=locale)
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("response", lambda answer: errors.append(answer.url) if answer.status >= 500 else None)
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert errors == []
