"""The floor: the flow as one would write it by hand, with Playwright's synchronous interface and nothing else.

With a folder it also leaves a picture of every page state there, as cheaply as the browser gives one: what pictures
cost by themselves. Usage: bare.py ADDRESS BROWSER [FOLDER]
"""

import base64
import os
import re
import sys
from itertools import count
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

address, browser_path, *folder = sys.argv[1:]
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=browser_path, args=["--no-sandbox"] if os.geteuid() == 0 else []
    )
    page = browser.new_page()
    session = page.context.new_cdp_session(page) if folder else None
    numbers = count(1)

    def look() -> None:
        """A picture, if any are wanted."""
        if session is not None:
            taken = session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
            Path(folder[0], f"{next(numbers):02}.png").write_bytes(base64.b64decode(taken["data"]))

    page.goto(address)
    look()
    page.get_by_label("Email").fill("smoke@example.test")
    look()
    page.get_by_label("Password").fill(os.environ["BENCH_PASSWORD"])
    look()
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    look()
    page.get_by_label("Search").fill("brass pencil")
    look()
    page.get_by_label("Amount").fill("2")
    look()
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    look()
    page.get_by_label("Name").fill("Robin Ek")
    look()
    page.get_by_label("Note").fill("Leave it at the door")
    look()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("Saved"))
    look()
    page.get_by_role("link", name="Finish").click()
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    look()
    expect(page.get_by_text("Your order is complete")).to_be_visible()
    browser.close()
