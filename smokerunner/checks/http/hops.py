"""The way to a page: every answer on it, as long as it stays on the app's own hosts."""

from __future__ import annotations

from urllib.parse import urlsplit

from smokerunner.model.check import Answer, CheckContext

_MOST = 5


async def hops(ctx: CheckContext, path: str) -> tuple[Answer, ...]:
    """The answers from a path of base_url to where its redirects end; a redirect elsewhere is the last one.

    Raises Silence and Refused.
    """
    own = {urlsplit(origin).hostname for origin in ctx.origins}
    found = [await ctx.web.ask(ctx.base_url + path)]
    while len(found) <= _MOST and found[-1].location and urlsplit(found[-1].location).hostname in own:
        found.append(await ctx.web.ask(found[-1].location))
    return tuple(found)
