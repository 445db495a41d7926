"""Where an element stands in the window, however it got there; what a page looks like since its picture; its fonts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from smokerunner.browser.binary import Binary
from smokerunner.browser.capture import picture
from smokerunner.browser.guard import Limits
from smokerunner.browser.launch import Engine
from smokerunner.browser.outfit import Outfit
from smokerunner.browser.painting import Still
from smokerunner.browser.session import Session, SessionSettings
from smokerunner.browser.tab import Tab
from smokerunner.model.browsing import Browsing
from smokerunner.model.context import Notes
from smokerunner.model.geometry import Box, Point
from smokerunner.model.target import Target

pytestmark = pytest.mark.e2e

PAGE = """<!doctype html><title>Places</title><style>body { margin: 0 } button, iframe { position: absolute; border: 0 }
    button { width: 100px; height: 30px; padding: 0 }</style>
<button style="left: 40px; top: 50px">Near</button>
<button style="left: 40px; top: 3000px">Far</button>
<button style="left: 200px; top: 100px">Twin</button><button style="left: 200px; top: 200px">Twin</button>
<button hidden style="display: none" id=hidden>Hidden</button>
<iframe style="left: 300px; top: 400px" srcdoc="<style>body { margin: 20px }</style><button>Within</button>"></iframe>
<p style="height: 5000px">
<script>onscroll = () => document.querySelectorAll('button')[1].style.left = '140px';</script>"""
PHONE = {"viewport": {"width": 400, "height": 700}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


def with_a_tab(
    binary: Binary, work: Callable[[Tab, Engine], Awaitable[None]], page: str, outfit: Outfit | None = None
) -> None:
    """Do something in the first page of a flow."""

    async def run() -> None:
        async with Engine(binary) as engine:
            await engine.named()
            settings = SessionSettings(
                limits=Limits("http://127.0.0.1:9", ()),
                viewport=(1000, 600),
                trace=False,
                network=False,
                outfit=outfit or Outfit(),
                gate=engine.gate,
                learn_fonts=engine.learn_fonts,
            )
            browser = await engine.browser()
            async with Session(browser, settings, None, lambda: datetime.now(UTC), time.monotonic) as session:
                await session.tab.visit(f"data:text/html,{quote(page)}", timeout=20, wait_until="load")
                await work(session.tab, engine)

    asyncio.run(run())


async def measured(tab: Tab, *, pointed: bool = False, **target: object) -> Notes:
    notes = Notes()
    await tab.measure(tab.locate(Target.model_validate(target)), notes, pointed=pointed)
    return notes


def test_the_place_of_an_element_in_the_window(binary: Binary) -> None:
    async def work(tab: Tab, _: Engine) -> None:
        near = await measured(tab, button="Near", pointed=True)
        assert near.box == Box(x=40, y=50, width=100, height=30)
        assert near.point == Point(x=90, y=65)
        # Nobody is about to act on it, so the page stays where it is.
        assert (await measured(tab, button="Far")).box == Box(x=40, y=3000, width=100, height=30)
        assert await tab.raw.evaluate("scrollY") == 0
        within = await measured(tab, button="Within", frame={"css": "iframe"})
        assert within.box is not None
        assert (within.box.x, within.box.y) == (320, 420)

    with_a_tab(binary, work, PAGE)


def test_it_is_brought_into_view_and_measured_where_the_page_then_puts_it(binary: Binary) -> None:
    async def work(tab: Tab, _: Engine) -> None:
        far = await measured(tab, button="Far", pointed=True)
        assert far.box is not None
        assert 0 <= far.box.y <= 570
        # The page is told of it with its next frame.
        await tab.raw.wait_for_function("document.querySelectorAll('button')[1].style.left === '140px'")
        again = await measured(tab, button="Far", pointed=True)
        assert again.box == Box(x=140, y=far.box.y, width=100, height=30)

    with_a_tab(binary, work, PAGE)


@pytest.mark.parametrize("name", ["Twin", "Nobody", "Hidden"])
def test_what_is_not_one_element_with_a_place_has_none(binary: Binary, name: str) -> None:
    async def work(tab: Tab, _: Engine) -> None:
        said: list[str] = []

        async def acting() -> None:
            said.append("acted")

        notes = Notes(acting=acting)
        await tab.measure(tab.locate(Target.model_validate({"text": name})), notes, pointed=True)
        assert (notes.box, notes.point, said) == (None, None, [])

    with_a_tab(binary, work, PAGE)


def test_a_page_that_a_phone_draws_smaller_is_measured_as_it_is_seen(binary: Binary) -> None:
    page = "<!doctype html><meta name=viewport content='width=1600'><style>body { margin: 0 }</style>"
    page += "<button style='position: absolute; left: 800px; top: 100px; width: 400px; height: 80px'>Buy</button>"

    async def work(tab: Tab, _: Engine) -> None:
        scale = await tab.raw.evaluate("visualViewport.scale")
        assert scale < 1
        box = (await measured(tab, button="Buy", pointed=True)).box
        seen = await tab.raw.get_by_role("button").bounding_box()
        assert box is not None
        assert seen is not None
        assert (box.x, box.width) == pytest.approx((seen["x"] * scale, seen["width"] * scale), abs=0.1)

    with_a_tab(binary, work, page, Outfit(Browsing(), PHONE))


def test_a_page_is_still_until_it_holds_or_shows_something_else(binary: Binary) -> None:
    page = "<!doctype html><title>Still</title><input aria-label=Name><p class=a>One</p>"

    async def work(tab: Tab, _: Engine) -> None:
        async def pictured() -> Still:
            # What the browser tells late counts as painted, so a page may not be still yet.
            while True:
                shot = await picture(tab, masks=(), secrets=(), full_page=False)
                still = await shot.still
                if still is not None and await tab.painting.is_still(still):
                    return still

        first = await pictured()
        # What nobody sees changes what the page holds, too, and is not forgotten when it is changed back.
        await tab.raw.evaluate("document.querySelector('p').className = 'b'")
        assert not await tab.painting.is_still(first)
        await tab.raw.evaluate("document.querySelector('p').className = 'a'")
        assert not await tab.painting.is_still(first)
        second = await pictured()
        await tab.raw.get_by_label("Name").fill("Kim")
        assert not await tab.painting.is_still(second)
        await pictured()

    with_a_tab(binary, work, page)


def test_the_fonts_are_the_same_wherever_they_are_measured(binary: Binary) -> None:
    known: list[str] = []

    async def work(_: Tab, engine: Engine) -> None:
        assert engine.description is not None
        known.append(engine.description.fonts)

    with_a_tab(binary, work, "<title>Plain</title>")
    # In the context of a phone texts may measure differently, so they are measured in a page of their own.
    with_a_tab(binary, work, "<title>Phone</title>", Outfit(Browsing(locale="ja-JP"), PHONE))
    assert known[0]
    assert known[0] == known[1]
