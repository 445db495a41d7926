"""The floor: the flow as one would write it by hand, with Playwright's synchronous interface and nothing else.

Usage: bare.py ADDRESS BROWSER
"""

import os
import re
import sys

from playwright.sync_api import expect, sync_playwright

address, browser_path = sys.argv[1:]
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=browser_path, args=["--no-sandbox"] if os.geteuid() == 0 else []
    )
    page = browser.new_page()
    page.goto(address)
    page.get_by_label("Email").fill("smoke@example.test")
    page.get_by_label("Password").fill(os.environ["BENCH_PASSWORD"])
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    page.get_by_label("Search").fill("brass pencil")
    page.get_by_label("Amount").fill("2")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    page.get_by_label("Name").fill("Robin Ek")
    page.get_by_label("Note").fill("Leave it at the door")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("Saved"))
    page.get_by_role("link", name="Finish").click()
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    expect(page.get_by_text("Your order is complete")).to_be_visible()
    browser.close()
