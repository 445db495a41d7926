"""What a function answers about elements, in the world that Playwright keeps to itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page

from smokerunner.browser.apart import evaluate_apart
from smokerunner.browser.binary import Binary
from smokerunner.browser.launch import Engine

pytestmark = pytest.mark.e2e

_PAGE = """<!doctype html><title>Here</title>
<label>Name <input value='a "quoted" one >> two'></label> <button>Save</button> <button>Save</button>
<iframe srcdoc="<p>inside</p>"></iframe>"""


def test_all_that_match_are_handed_over(binary: Binary) -> None:
    async def told(page: Page) -> list[Any]:
        buttons, field = page.get_by_role("button"), page.get_by_label("Name")
        return [
            await evaluate_apart(buttons, "all => all.length"),
            await evaluate_apart(buttons, "all => all.map(one => one.textContent)"),
            await evaluate_apart(buttons.nth(1), "all => all.length"),
            await evaluate_apart(field, "(all, text) => all[0].value + text", " and \"this\" >> 'that'"),
        ]

    assert _in(binary, told) == [2, ["Save", "Save"], 1, 'a "quoted" one >> two and "this" >> \'that\'']


def test_where_nothing_matches_the_function_is_asked_about_nothing_at_once(binary: Binary) -> None:
    async def told(page: Page) -> Any:
        async with asyncio.timeout(5):
            return await evaluate_apart(page.get_by_role("dialog"), "all => all.length")

    assert _in(binary, told) == 0


def test_the_same_question_is_answered_anew(binary: Binary) -> None:
    async def told(page: Page) -> list[int]:
        counts = []
        for _ in range(3):
            counts.append(await evaluate_apart(page.get_by_role("button"), "all => all.length"))
            await page.evaluate("document.querySelector('button')?.remove()")
        return counts

    assert _in(binary, told) == [2, 1, 0]


def test_elements_inside_of_frames_are_found_too(binary: Binary) -> None:
    async def told(page: Page) -> list[Any]:
        within = page.frame_locator("iframe").get_by_text("inside")
        frame = page.frames[1]
        return [
            await evaluate_apart(within, "all => all.map(one => one.localName)"),
            await evaluate_apart(frame.locator("p"), "all => all.map(one => one.localName)", frame=frame),
        ]

    assert _in(binary, told) == [["p"], ["p"]]


def test_no_script_of_the_page_has_a_say(binary: Binary) -> None:
    async def told(page: Page) -> Any:
        await page.evaluate("""() => {
            Object.defineProperty(HTMLInputElement.prototype, 'value', {get: () => 'a lie'});
            JSON.stringify = () => '"a lie"';
            window.eval = () => () => 'a lie';
        }""")
        return await evaluate_apart(page.get_by_label("Name"), "all => all.map(one => one.value)")

    assert _in(binary, told) == ['a "quoted" one >> two']


def test_the_page_sees_nothing_of_it(binary: Binary) -> None:
    async def told(page: Page) -> Any:
        await page.evaluate("""() => {
            window.seen = 0;
            const options = {subtree: true, childList: true, attributes: true, characterData: true};
            new MutationObserver(() => { window.seen += 1; }).observe(document, options);
        }""")
        await evaluate_apart(page.get_by_role("button"), "all => all.length")
        return await page.evaluate("() => [window.seen, Object.keys(window).filter(name => name.includes('apart'))]")

    assert _in(binary, told) == [0, []]


def _in(binary: Binary, ask: Callable[[Page], Awaitable[Any]]) -> Any:
    """What is told about the page."""

    async def asked() -> Any:
        async with Engine(binary) as engine:
            page = await (await engine.browser()).new_page()
            await page.set_content(_PAGE)
            return await ask(page)

    return asyncio.run(asked())
