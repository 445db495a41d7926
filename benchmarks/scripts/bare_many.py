"""Bare scripts in the best schedule: one process, one browser, so many contexts at a time.

Usage: bare_many.py ADDRESS BROWSER FLOWS AT_A_TIME
"""

import asyncio
import os
import re
import sys

from playwright.async_api import Browser, async_playwright, expect


async def replay(browser: Browser, address: str) -> None:
    """The flow in a context of its own."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(address)
    await page.get_by_label("Email").fill("smoke@example.test")
    await page.get_by_label("Password").fill(os.environ["BENCH_PASSWORD"])
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    await page.get_by_label("Search").fill("brass pencil")
    await page.get_by_label("Amount").fill("2")
    await page.get_by_role("button", name="Find").click()
    await expect(page.get_by_role("heading", name="Results")).to_be_visible()
    await page.get_by_label("Name").fill("Robin Ek")
    await page.get_by_label("Note").fill("Leave it at the door")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_have_text(re.compile("Saved"))
    await page.get_by_role("link", name="Finish").click()
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()
    await expect(page.get_by_text("Your order is complete")).to_be_visible()
    await context.close()


async def main(address: str, browser_path: str, flows: int, at_a_time: int) -> None:
    """Replay the flow so often."""
    room = asyncio.Semaphore(at_a_time)

    async def one() -> None:
        async with room:
            await replay(browser, address)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        await asyncio.gather(*(one() for _ in range(flows)))
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
