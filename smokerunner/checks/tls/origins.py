"""Which of an app's origins are looked at, and what it means that there is none."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from smokerunner.model.check import CheckContext
from smokerunner.model.errors import Failure, NotReached


def https_origins(ctx: CheckContext) -> tuple[str, ...]:
    """The app's origins over https. Raises NotReached where none is known, and Failure in production."""
    found = tuple(origin for origin in ctx.origins if origin.startswith("https:"))
    if found and not _is_bench(ctx):
        return found
    if ctx.production:
        raise Failure(f"{ctx.base_url} is served in clear, and no https address is known for it; wanted https")
    raise NotReached(f"{ctx.base_url} is served in clear, and no https address is known for it; nothing to look at")


def http_origins(ctx: CheckContext) -> tuple[str, ...]:
    """The app's origins over http. Raises NotReached where none is known or the app has no https."""
    https_origins(ctx)
    found = tuple(origin for origin in ctx.origins if origin.startswith("http:"))
    if not found:
        raise NotReached(f"the http port that belongs to {ctx.base_url} is not known; nothing to look at")
    return found


def own_of(ctx: CheckContext, origins: tuple[str, ...]) -> str:
    """The one of base_url's host, else the first."""
    host = urlsplit(ctx.base_url).hostname
    return next((origin for origin in origins if urlsplit(origin).hostname == host), origins[0])


def _is_bench(ctx: CheckContext) -> bool:
    """Whether the app is on this machine and in clear, as a developer has it: nobody expects https there."""
    parts = urlsplit(ctx.base_url)
    if parts.scheme == "https" or ctx.production:
        return False
    host = parts.hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
