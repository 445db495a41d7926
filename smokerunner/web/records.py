"""DNS records, from the name servers that the environment names."""

from __future__ import annotations

from typing import Literal

from smokerunner.model.errors import Inconclusive, Unavailable

_PATIENCE = 5.0
"""Seconds for one question."""


async def records(name: str, kind: Literal["TXT", "A", "AAAA"], resolvers: tuple[str, ...]) -> tuple[str, ...]:
    """All records of a name; none when there is no such name. Raises Inconclusive when no server tells.

    `resolvers` are address:port; without any the system's are asked.
    """
    try:
        import dns.asyncresolver
        import dns.exception
        import dns.nameserver
        import dns.resolver
    except ModuleNotFoundError as lacking:
        raise Unavailable("DNS records need one more package: pip install smokerunner[dns]") from lacking
    try:
        resolver = dns.asyncresolver.Resolver(configure=not resolvers)
        if resolvers:
            resolver.nameservers = [dns.nameserver.Do53Nameserver(*_place(one)) for one in resolvers]
        answer = await resolver.resolve(name, kind, lifetime=_PATIENCE, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except (dns.exception.DNSException, OSError) as wrong:
        raise Inconclusive(f"no name server told the {kind} records of {name}: {type(wrong).__name__}") from wrong
    if kind == "TXT":
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)
    return tuple(record.address for record in answer)


def _place(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if "." in text or "]" in text else (text, "", "")
    if not host:
        host, port = text, ""
    return host.strip("[]"), int(port) if port.isdigit() else 53
