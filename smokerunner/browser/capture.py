"""The picture of a step: of the page as it has settled, with everything masked that must be."""

from __future__ import annotations

import asyncio
import base64
import struct
from collections.abc import Sequence

from playwright.async_api import Error, Frame, Locator
from playwright.async_api import TimeoutError as PlaywrightTimeout

from smokerunner.browser.apart import evaluate_apart
from smokerunner.browser.aside import aside
from smokerunner.browser.painting import Still
from smokerunner.browser.tab import Tab
from smokerunner.model.errors import Unavailable
from smokerunner.model.record import record
from smokerunner.model.secret import SHORTEST
from smokerunner.model.target import Target

MASK_COLOUR = "#3d4451"
_WORK = 0.6
_GLANCE = 0.005
"""Seconds between two looks at what the browser has told already: they ask nobody."""
_TRIES = 8
_SOON = 2.0
"""Seconds after which a picture of a page as it stands is given up for a prepared one."""
_PASSING = ("Unable to capture screenshot", "Not attached to an active page", "Execution context was destroyed",
            "because of a navigation", "frame was detached", "Frame was detached")  # fmt: skip


async def settle(tab: Tab, since: int, limit: float) -> None:
    """Wait until a navigation that the step began has loaded, and a little for other requests it began.

    `since` is how many requests there were before the step; `limit` bounds the wait for a navigation, in seconds.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    # The request that a click causes is reported a moment after the click returns.
    await asyncio.sleep(0)
    while not tab.raw.is_closed() and not tab.crashed:
        navigating, working = tab.traffic.pending(tab.raw, since)
        waited = clock() - began
        if not ((navigating and waited < limit) or (working and waited < _WORK)):
            break
        await asyncio.sleep(_GLANCE)
    if tab.raw.is_closed() or tab.crashed or (tab.is_hanging and not tab.traffic.navigated(tab.raw, since)):
        return
    try:
        with aside():
            await tab.raw.wait_for_load_state("load", timeout=max(limit - (clock() - began), 0.05) * 1000)
        tab.is_hanging = False
    except PlaywrightTimeout:
        # A page that never finishes loading is judged by its steps; only the step that opened it waits for it.
        tab.is_hanging = True


@record
class Shot:
    """A picture, and the moment at which the page looked like it, as soon as that is known."""

    png: bytes
    still: asyncio.Future[Still | None]


async def picture(
    tab: Tab, *, masks: Sequence[Target], secrets: Sequence[str], full_page: bool, timeout: float = 10.0
) -> Shot:
    """A lossless PNG. Raises Unavailable when none can be had."""
    with aside():
        return await _taken(tab, masks, secrets, full_page=full_page, timeout=timeout)


async def _taken(tab: Tab, masks: Sequence[Target], secrets: Sequence[str], *, full_page: bool, timeout: float) -> Shot:
    if tab.crashed or tab.raw.is_closed():
        raise Unavailable("the page is gone, so there is no picture of it")
    wrong: Error | None = None
    for attempt in range(_TRIES):
        at = tab.url
        look = await tab.painting.look(secrets)
        try:
            data = None
            if look.plain and not full_page:
                data = await _uncovered(tab, masks, min(timeout, _SOON))
            prepared = data is None
            if data is None:
                data = await _prepared(tab, masks, secrets, full_page=full_page, timeout=timeout)
        except Error as failed:
            if not any(sign in failed.message for sign in _PASSING):
                raise Unavailable(f"no picture: {failed.message.splitlines()[0]}") from failed
            wrong = failed
            await asyncio.sleep(0.02 * (attempt + 1))
            await settle(tab, len(tab.traffic.requests), timeout)
            continue
        if tab.url == at or attempt == _TRIES - 1:
            return Shot(data, tab.painting.after(look, prepared=prepared))
        # The page was left while it was pictured: the picture may show either of the two.
        await settle(tab, len(tab.traffic.requests), timeout)
    assert wrong is not None
    raise Unavailable(f"no picture after {_TRIES} tries: {wrong.message.splitlines()[0]}")


async def _uncovered(tab: Tab, masks: Sequence[Target], timeout: float) -> bytes | None:
    """A picture of the page as it stands; None when something in it must be masked, or it does not answer.

    To look for that takes as long as the picture, most of all in a new document, so both are done at once unless
    there probably is something.
    """
    if tab.painting.was_covered:
        tab.painting.was_covered = await _are_there(tab, masks)
        return None if tab.painting.was_covered else await _as_it_stands(tab, timeout)
    tab.painting.was_covered, data = await asyncio.gather(_are_there(tab, masks), _as_it_stands(tab, timeout))
    return None if tab.painting.was_covered else data


async def _are_there(tab: Tab, masks: Sequence[Target]) -> bool:
    return any(await asyncio.gather(*(tab.locate(mask.alone).count() for mask in masks)))


async def _as_it_stands(tab: Tab, timeout: float) -> bytes | None:
    """Half the time of a prepared picture: nothing is put into the page, and the browser packs it quickly, not tightly.

    None when the browser does not answer: asked while a page is being replaced, it may forget the question.
    """
    try:
        async with asyncio.timeout(timeout):
            answer = await tab.backstage.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
    except TimeoutError:
        return None
    return base64.b64decode(answer["data"])


async def _prepared(
    tab: Tab, masks: Sequence[Target], secrets: Sequence[str], *, full_page: bool, timeout: float
) -> bytes:
    """A picture of a page that is brought to rest for it, with everything covered that must be."""
    # Frames come and go with a navigation, so what is masked is located anew for each try.
    covers = [tab.locate(mask.alone) for mask in masks]
    for frame in tab.raw.frames if secrets else ():
        covers += [*_showing(frame, secrets), *await _holding(frame, secrets)]
        covers += await _generating(frame, secrets)
    return await tab.raw.screenshot(
        type="png",
        full_page=full_page,
        mask=covers,
        mask_color=MASK_COLOUR,
        animations="disabled",
        # Boxes are measured in CSS pixels, and the picture of a phone must not be nine times as large.
        scale="css",
        caret="hide",
        timeout=timeout * 1000,
    )


def _showing(frame: Frame, secrets: Sequence[str]) -> list[Locator]:
    """Whatever shows a secret in this frame. Playwright looks in its own world, so no page script learns the value."""
    found = []
    for value in secrets:
        if len(value) >= SHORTEST:
            quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
            found.append(frame.get_by_text(value))
            found.append(frame.locator(f'css=[value*="{quoted}"], [placeholder*="{quoted}"], [title*="{quoted}"]'))
            found.append(frame.locator(f'css=img[alt*="{quoted}"], [label*="{quoted}"]'))
            # A list shows the text of an option, which has no place of its own.
            found.append(frame.locator("select").filter(has_text=value))
    return found


async def _holding(frame: Frame, secrets: Sequence[str]) -> list[Locator]:
    """The fields that hold a secret, however it came there. What they hold is read; no page script learns the value."""
    fields = frame.locator("input, textarea")
    held: list[str] = await evaluate_apart(fields, "all => all.map(field => field.value)", frame=frame)
    return [
        fields.nth(index)
        for index, text in enumerate(held)
        if text and any(value == text or (len(value) >= SHORTEST and value in text) for value in secrets)
    ]


async def _generating(frame: Frame, secrets: Sequence[str]) -> list[Locator]:
    """What shows a secret that stands in one of its attributes by CSS: `content: attr(data-code)`."""
    found = []
    every = frame.locator("css=*")
    shown: list[tuple[int, list[str]]] = await evaluate_apart(every, _GENERATED, frame=frame)
    for index, texts in shown:
        if any(value in text for text in texts for value in secrets if len(value) >= SHORTEST):
            found.append(every.nth(index))
    return found


_GENERATED = """all => all.flatMap((one, index) => {
    const shown = ['::before', '::after'].map(part => getComputedStyle(one, part).content);
    if (!shown.some(text => text && text !== 'none' && text !== 'normal')) return [];
    return [[index, [...shown, ...[...one.attributes].map(attribute => attribute.value)]]];
})"""


def size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the file's own header."""
    width, height = struct.unpack(">II", png[16:24])
    return int(width), int(height)
