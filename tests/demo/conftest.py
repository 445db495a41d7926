"""A real browser, a real mail server and running shops."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from customer import Customer
from playwright.sync_api import Browser, sync_playwright
from postbox import Postbox

from smokerunner.demo.server import Acorn


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium-headless-shell")
    if executable is None:
        pytest.skip("needs chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postbox() -> Iterator[Postbox]:
    with Postbox() as postbox:
        yield postbox


@pytest.fixture(scope="session")
def shop(postbox: Postbox) -> Iterator[Acorn]:
    """A shop without any fault."""
    with Acorn(postbox.port) as acorn:
        yield acorn


@pytest.fixture
def broken_shop(postbox: Postbox) -> Iterator[Callable[[str], Acorn]]:
    """Starts a shop with the fault asked for."""
    with ExitStack() as stack:
        yield lambda fault: stack.enter_context(Acorn(postbox.port, fault=fault))


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[[Acorn], Customer]]:
    """Opens a fresh browser context on a shop."""
    with ExitStack() as stack:

        def open_page(shop: Acorn, flow: str | None = None) -> Customer:
            headers = {"X-Smoke-Flow": flow} if flow else {}
            context = stack.enter_context(
                browser.new_context(viewport={"width": 1280, "height": 720}, extra_http_headers=headers)
            )
            page = context.new_page()
            page.set_default_timeout(5000)
            customer = Customer(page, shop)
            page.on("pageerror", lambda error: customer.errors.append(str(error)))
            return customer

        yield open_page


@pytest.fixture
def customer(visit: Callable[[Acorn], Customer], shop: Acorn) -> Customer:
    """A visitor of the shop without any fault."""
    return visit(shop)
