"""The flow in pytest-playwright, with a picture a step beside the plug-in's own trace and screenshot."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The browser of all rows."""
    sandbox = {} if os.geteuid() else {"args": ["--no-sandbox"]}
    return {**browser_type_launch_args, **sandbox, "executable_path": os.environ["BENCH_BROWSER"]}


@pytest.fixture
def picture(page: Page) -> Callable[[], None]:
    """Takes a picture of the page as it is now."""
    folder = Path(os.environ["BENCH_OUT"]) / "steps"
    folder.mkdir()
    taken: list[bytes] = []

    def take() -> None:
        page.wait_for_load_state("load")
        taken.append(page.screenshot(path=folder / f"{len(taken) + 1:02}.png"))

    return take


def test_order(page: Page, picture: Callable[[], None]) -> None:
    """A visitor opens an account and orders."""
    page.goto(os.environ["BENCH_URL"])
    picture()
    page.get_by_label("Email").fill("smoke@example.test")
    picture()
    page.get_by_label("Password").fill(os.environ["BENCH_PASSWORD"])
    picture()
    page.get_by_role("button", name="Create account").click()
    picture()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    picture()
    page.get_by_label("Search").fill("brass pencil")
    picture()
    page.get_by_label("Amount").fill("2")
    picture()
    page.get_by_role("button", name="Find").click()
    picture()
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    picture()
    page.get_by_label("Name").fill("Robin Ek")
    picture()
    page.get_by_label("Note").fill("Leave it at the door")
    picture()
    page.get_by_role("button", name="Save").click()
    picture()
    expect(page.get_by_role("status")).to_have_text(re.compile("Saved"))
    picture()
    page.get_by_role("link", name="Finish").click()
    picture()
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    picture()
    expect(page.get_by_text("Your order is complete")).to_be_visible()
    picture()
