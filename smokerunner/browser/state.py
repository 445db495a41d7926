"""What a flow leaves in its browser and another begins with: cookies, every kind of storage, passkeys."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from playwright.async_api import BrowserContext, Error, Frame, Page, Route

from smokerunner.model.record import record

_READ = "() => JSON.stringify(Object.fromEntries(Object.entries(sessionStorage)))"
_WRITE = "items => { for (const [key, value] of Object.entries(JSON.parse(items))) sessionStorage.setItem(key, value) }"


@record
class SavedState:
    """Playwright's storage state, and the session storage of each origin that was still open, as JSON text."""

    storage: dict[str, Any] = field(default_factory=dict)
    session: dict[str, str] = field(default_factory=dict)
    url: str = ""


async def save(context: BrowserContext, page: Page) -> SavedState:
    """Read all of it; an origin is known as long as one of its documents is shown."""
    await stop_loading(page)
    storage: Any = await context.storage_state(indexed_db=True, credentials=True)
    session: dict[str, str] = {}
    for frame in page.frames:
        origin = _origin(frame.url)
        if origin and origin not in session:
            kept = await _session_of(frame)
            if kept is not None:
                session[origin] = kept
    return SavedState(storage=storage, session=session, url=page.url)


async def stop_loading(page: Page) -> None:
    """Give up what has not arrived. While a page waits for the answer to a navigation, so does every look at it."""
    session = await page.context.new_cdp_session(page)
    await session.send("Page.stopLoading")
    await session.detach()


async def _session_of(frame: Frame) -> str | None:
    try:
        kept = str(await frame.evaluate(_READ))
    except Error as wrong:
        # A sandboxed frame has no storage, and a frame may go while it is asked; neither has anything to keep.
        if any(sign in wrong.message for sign in ("SecurityError", "sandboxed", "detached", "destroyed")):
            return None
        raise
    return None if kept == "{}" else kept


async def restore_session(page: Page, state: SavedState) -> None:
    """Put session storage back before the app's first script runs, by way of an empty document of each origin."""
    for origin, items in state.session.items():
        await page.route(f"{origin}/**", _blank)
        await page.goto(f"{origin}/")
        await page.evaluate(_WRITE, items)
        await page.unroute(f"{origin}/**", _blank)
    if state.session:
        await page.goto("about:blank")


async def _blank(route: Route) -> None:
    await route.fulfill(status=200, content_type="text/html", body="<!doctype html><title></title>")


def _origin(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.split('/')[0]}" if scheme in ("http", "https") else ""
