"""The browser context in which a person works while it is recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Error, Page

from smokerunner.browser.state import SavedState, restore_session
from smokerunner.model.errors import Unavailable


@asynccontextmanager
async def workplace(browser: Browser, viewport: tuple[int, int], state: SavedState | None) -> AsyncIterator[Page]:
    """A page in a fresh context that holds what another flow left; closed at the end, if it is still there."""
    width, height = viewport
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        storage_state=state.storage or None if state else None,  # type: ignore[arg-type]
        accept_downloads=True,
    )
    try:
        page = await context.new_page()
        if state is not None:
            await restore_session(page, state)
        yield page
    finally:
        try:
            await context.close()
        except Error as wrong:
            if not is_gone(wrong):
                raise


async def go(page: Page, url: str) -> None:
    """Open the first address. Raises Unavailable when nothing answers there."""
    try:
        await page.goto(url)
    except Error as wrong:
        if is_gone(wrong):
            raise
        raise Unavailable(f"{url} cannot be opened: {wrong.message.splitlines()[0]}") from wrong


async def unless_gone(work: Awaitable[None]) -> bool:
    """Do it; False when the page or the browser went away meanwhile."""
    try:
        await work
    except Error as wrong:
        if not is_gone(wrong):
            raise
        return False
    return True


def is_gone(wrong: Error) -> bool:
    """Whether an error only says that the page or the browser is not there any more."""
    return any(word in wrong.message for word in ("closed", "crashed", "disconnected", "detached"))
