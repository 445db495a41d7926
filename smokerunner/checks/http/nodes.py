"""The addresses behind the app's name, each of which may be another machine."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from smokerunner.model.check import CheckContext


async def nodes(ctx: CheckContext) -> tuple[str | None, ...]:
    """Every address of base_url's host that this machine has a way to; None stands for the one that is always asked.

    Raises Silence when the name has no address.
    """
    targets = [address for address, _ in await ctx.web.targets(ctx.base_url)]
    if len(targets) < 2:
        return (None,)
    return tuple(address for address in targets if has_way(address)) or (None,)


def has_way(address: str) -> bool:
    """Whether this machine has a route there; nothing is sent."""
    family = socket.AF_INET6 if ipaddress.ip_address(address.partition("%")[0]).version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
    except OSError:
        return False
    return True


def host_of(ctx: CheckContext) -> str:
    """The host of base_url."""
    return urlsplit(ctx.base_url).hostname or ""
