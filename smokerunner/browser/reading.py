"""What `save` reads of an element or of a page."""

from __future__ import annotations

from playwright.async_api import Error, Locator, Page

from smokerunner.model.matcher import Matcher
from smokerunner.model.part import Source

_SOON = 2000.0


class PageSource(Source):
    """An element's parts, or the page's when there is no element."""

    def __init__(self, page: Page, locator: Locator | None, described: str) -> None:
        self._page = page
        self._locator = locator
        self._root = locator if locator is not None else page.locator("body")
        self._described = described

    async def text(self) -> str | None:
        """What a person reads."""
        return await self._root.inner_text(timeout=_SOON)

    async def value(self) -> str | None:
        """What a form field holds."""
        if self._locator is None:
            return None
        try:
            return await self._locator.input_value(timeout=_SOON)
        except Error as wrong:
            if "Node is not an <input>" in wrong.message:
                return None
            raise

    async def attribute(self, name: str) -> str | None:
        """An attribute of the element."""
        return None if self._locator is None else await self._locator.get_attribute(name, timeout=_SOON)

    async def url(self) -> str | None:
        """Where the page is."""
        return self._page.url

    async def anchor(self, matcher: Matcher) -> str | None:
        """Where the first link inside leads whose text, or else whose address, is accepted; absolute."""
        links = await self._root.locator("a[href]").evaluate_all("all => all.map(a => [a.innerText, a.href])")
        if self._locator is not None:
            own = await self._locator.evaluate("e => e.matches('a[href]') ? [e.innerText, e.href] : null")
            links = [*([own] if own else []), *links]
        by_text = (str(href) for text, href in links if matcher.accepts(text))
        by_address = (str(href) for _, href in links if matcher.accepts(href))
        return next(by_text, None) or next(by_address, None)
