"""Bare scripts in the best schedule: one process, one browser, so many contexts at a time.

With a folder each flow also leaves a picture of every page state there, as cheaply as the browser gives one.
Usage: bare_many.py ADDRESS BROWSER FLOWS AT_A_TIME [FOLDER]
"""

import asyncio
import base64
import os
import re
import sys
from itertools import count
from pathlib import Path

from playwright.async_api import Browser, async_playwright, expect


async def replay(browser: Browser, address: str, folder: Path | None) -> None:
    """The flow in a context of its own."""
    context = await browser.new_context()
    page = await context.new_page()
    session = await context.new_cdp_session(page) if folder is not None else None
    numbers = count(1)

    async def look() -> None:
        """A picture, if any are wanted."""
        if session is not None and folder is not None:
            taken = await session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
            (folder / f"{next(numbers):02}.png").write_bytes(base64.b64decode(taken["data"]))

    await page.goto(address)
    await look()
    await page.get_by_label("Email").fill("smoke@example.test")
    await look()
    await page.get_by_label("Password").fill(os.environ["BENCH_PASSWORD"])
    await look()
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    await look()
    await page.get_by_label("Search").fill("brass pencil")
    await look()
    await page.get_by_label("Amount").fill("2")
    await look()
    await page.get_by_role("button", name="Find").click()
    await expect(page.get_by_role("heading", name="Results")).to_be_visible()
    await look()
    await page.get_by_label("Name").fill("Robin Ek")
    await look()
    await page.get_by_label("Note").fill("Leave it at the door")
    await look()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_have_text(re.compile("Saved"))
    await look()
    await page.get_by_role("link", name="Finish").click()
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()
    await look()
    await expect(page.get_by_text("Your order is complete")).to_be_visible()
    await context.close()


async def main(address: str, browser_path: str, flows: int, at_a_time: int, folder: Path | None) -> None:
    """Replay the flow so often."""
    room = asyncio.Semaphore(at_a_time)

    async def one(number: int) -> None:
        async with room:
            own = None if folder is None else folder / f"{number:03}"
            if own is not None:
                own.mkdir(exist_ok=True)
            await replay(browser, address, own)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        await asyncio.gather(*map(one, range(flows)))
        await browser.close()


if __name__ == "__main__":
    given = Path(sys.argv[5]) if len(sys.argv) > 5 else None
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), given))
