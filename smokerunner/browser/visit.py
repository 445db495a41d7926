"""A look at one address with a browser that nobody has used before: what a first visitor is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.async_api import Browser, Error, Request

from smokerunner.model.check import Cookie, Silence, Visit

_PATIENCE = 15_000
"""Milliseconds a page may take to load."""


async def visit(browser: Browser, url: str, options: Mapping[str, Any]) -> Visit:
    """Go there, wait for the page's load, and say what was met. Raises Silence when no page came.

    `options` is what the context is told when it is opened, as by `Outfit.options`.
    """
    context = await browser.new_context(**options)
    try:
        page = await context.new_page()
        requests: list[tuple[str, str]] = []

        def note(request: Request) -> None:
            requests.append((request.resource_type, request.url))

        page.on("request", note)
        try:
            response = await page.goto(url, timeout=_PATIENCE)
        except Error as wrong:
            said = wrong.message.splitlines()[0].removeprefix("Page.goto: ")
            raise Silence(_kind(said), f"the browser cannot open {url}: {said}") from wrong
        return Visit(
            url=page.url,
            status=response.status if response is not None else None,
            html=await page.content(),
            cookies=tuple(
                Cookie(
                    name=one["name"],
                    domain=one["domain"],
                    path=one["path"],
                    secure=one["secure"],
                    http_only=one["httpOnly"],
                    same_site=one["sameSite"],
                    expires=one["expires"] if one["expires"] >= 0 else None,
                )
                for one in await context.cookies()
            ),
            requests=tuple(requests),
        )
    finally:
        await context.close()


def _kind(said: str) -> str:
    if "CERT" in said or "SSL" in said:
        return "tls"
    if "NAME_NOT_RESOLVED" in said:
        return "name"
    return "timeout" if "Timeout" in said else "refused" if "REFUSED" in said else "broken"
