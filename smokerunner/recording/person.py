"""Who uses the app while it is recorded."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from playwright.async_api import Page


class Person(Protocol):
    """Uses the app in the page that was opened, and returns when all is done."""

    async def use(self, page: Page) -> None:
        """Click, type, go elsewhere."""
        ...


class AtTheWindow:
    """Whoever sits before the screen, or drives the browser from outside: done when the last page is closed."""

    async def use(self, page: Page) -> None:
        """Wait until every page is closed."""
        done = asyncio.Event()

        def look(_: object) -> None:
            if all(other.is_closed() for other in page.context.pages):
                done.set()

        def watch(other: Page) -> None:
            other.on("close", look)

        watch(page)
        page.context.on("page", watch)
        await done.wait()
