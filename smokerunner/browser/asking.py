"""Requests outside the page, with its cookies, redirect by redirect: each is held to the limits before it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from playwright.async_api import APIResponse, BrowserContext

from smokerunner.browser.guard import Guard
from smokerunner.model.errors import Failure

_REDIRECTS = (301, 302, 303, 307, 308)
_FURTHEST = 20
"""Redirects in a row; browsers give up there, too."""
_OF_ONE_ORIGIN = ("authorization", "cookie", "proxy-authorization")
_OF_A_BODY = ("content-type", "content-length", "content-encoding", "content-language", "content-location")


async def ask(
    context: BrowserContext,
    guard: Guard,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: str | None,
    form: Mapping[str, str] | None,
    timeout: float,
) -> APIResponse:
    """What answers in the end; whoever asked disposes of it. `timeout` is in seconds and holds for all of it.

    Raises Inconclusive for what the limits do not allow, and Failure when it redirects in a circle.
    """
    clock = asyncio.get_running_loop().time
    until = clock() + timeout
    asked, sent = url, dict(headers)
    for hop in range(_FURTHEST + 1):
        guard.require(method, url, redirected=hop > 0)
        got = await context.request.fetch(
            url,
            method=method,
            headers={**guard.headers_for(url), **sent},
            data=body,
            form=dict(form) if form is not None else None,
            max_redirects=0,
            timeout=max(until - clock(), 0.001) * 1000,
        )
        to = got.headers.get("location")
        if got.status not in _REDIRECTS or not to:
            return got
        status = got.status
        await got.dispose()
        there = urljoin(url, to)
        if urlsplit(there)[:2] != urlsplit(url)[:2]:
            sent = _without(sent, _OF_ONE_ORIGIN)
        if (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST"):
            method, body, form, sent = "GET", None, None, _without(sent, _OF_A_BODY)
        url = there
    raise Failure(f"{asked}: it redirects in a circle")


def _without(headers: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in headers.items() if name.lower() not in names}
