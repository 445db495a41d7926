"""Questions that come while a page is being left: they are answered in the document that is there."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import async_playwright

from smokerunner.browser.backstage import Backstage
from smokerunner.browser.binary import Binary

pytestmark = pytest.mark.e2e


def test_a_document_that_is_left_while_it_is_entered_is_entered_again(binary: Binary) -> None:
    async def answers() -> list[object]:
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(executable_path=binary.path, chromium_sandbox=False)
            page = await browser.new_page()
            await page.set_content("<h1>Here</h1>")
            backstage = Backstage(page)
            found = []
            for number in range(40):
                asked = asyncio.create_task(backstage.ask("state(false)"))
                # Each time a little later: before the world is made, while it is, and after.
                for _ in range(number):
                    await asyncio.sleep(0)
                await asyncio.sleep(number / 10_000)
                backstage.leave()
                found.append(await asked)
            await browser.close()
            return found

    assert all(isinstance(answer, str) for answer in asyncio.run(answers()))
