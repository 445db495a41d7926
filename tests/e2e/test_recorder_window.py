"""A real window on a screen of its own, real mouse and key events: record, close the window, replay green."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright
from xserver import Mouse, lacking, screen

from smokerunner.browser.binary import find
from smokerunner.demo.deploy import Deploy
from smokerunner.language.load import load
from tests.conftest import Smoke
from tests.e2e.outcome_site import descendants, free_port, is_alive, wait_until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(bool(lacking()), reason=f"not installed: {lacking()}"),
    pytest.mark.skipif(find(headed=True) is None, reason="there is no full Chromium for a window"),
]
PASSWORD = "a-Password-for-tests-7"


async def page_at(driver: object, port: int) -> Page:
    """The recorded page, to look at."""
    from playwright.async_api import Error, Playwright

    assert isinstance(driver, Playwright)
    for _ in range(150):
        try:
            browser = await driver.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        except Error:
            await asyncio.sleep(0.2)
            continue
        for _ in range(100):
            pages = [page for context in browser.contexts for page in context.pages if "/register" in page.url]
            if pages:
                await pages[0].wait_for_load_state()
                return pages[0]
            await asyncio.sleep(0.1)
    raise AssertionError("there is no page")


async def register(display: str, port: int) -> None:
    async with async_playwright() as driver:
        page = await page_at(driver, port)
        mouse = Mouse(display, page)
        await mouse.find_page()
        await mouse.click(page.get_by_label("Name", exact=True))
        await mouse.write("Robin Ek")
        mouse.press("Tab")
        await mouse.write("qa@example.test")
        mouse.press("Tab")
        await mouse.write(PASSWORD)
        await mouse.click(page.get_by_role("button", name="Create account"))
        await page.get_by_text("Welcome, Robin Ek").wait_for()
        await page.wait_for_timeout(1500)
        # The button that marks what no picture may show.
        size = await page.evaluate("[innerWidth, innerHeight]")
        mouse.click_at(size[0] - 60, size[1] - 26)
        await page.wait_for_timeout(300)
        await mouse.click(page.get_by_role("heading", level=1))
        await page.wait_for_timeout(800)
        mouse.press("ctrl+w")


def test_a_window_is_used_closed_and_replayed(tmp_path: Path, smoke: Smoke, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    with Deploy() as deploy, screen(tmp_path) as display:
        words = ["record", "acorn", "--flow", "register", "--url", f"{deploy.base_url}/register", "--debug-port", port]
        process = subprocess.Popen(
            [sys.executable, "-m", "smokerunner", *map(str, words)],
            cwd=tmp_path,
            env={**os.environ, "DISPLAY": display},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            asyncio.run(register(display, port))
            family = descendants(process.pid)
            out, err = process.communicate(timeout=60)
        finally:
            if process.poll() is None:
                process.kill()
            process.__exit__(None, None, None)
        assert process.returncode == 0, err
        assert "Close the window when you are done" in err
        wait_until(lambda: not [pid for pid in family if is_alive(pid)], 10)
        path = tmp_path / "flows" / "acorn.yaml"
        text = path.read_text()
        assert PASSWORD not in text + out + err
        flow = load(path).file.flows["register"]
        assert [step.action for step in flow.steps][-1] == "expect"
        assert "smokerunner run" in out
        assert len(load(path).file.mask) == 1
        monkeypatch.setenv("ACORN_PASSWORD", PASSWORD)
        ran = smoke("run", "acorn", "--base-url", deploy.base_url)
        assert ran.exit_code == 0, ran.out + ran.err
