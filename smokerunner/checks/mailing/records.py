"""TXT records of a domain, from the name servers that the environment names."""

from __future__ import annotations

from smokerunner.model.errors import Inconclusive, Unavailable

_PATIENCE = 5.0
"""Seconds for one question."""


async def texts(name: str, resolvers: tuple[str, ...]) -> tuple[str, ...]:
    """All TXT records of a name; none when there is no such name. Raises Inconclusive when no server tells."""
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
        answer = await resolver.resolve(name, "TXT", lifetime=_PATIENCE, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except (dns.exception.DNSException, OSError) as wrong:
        raise Inconclusive(f"no name server told the TXT records of {name}: {type(wrong).__name__}") from wrong
    return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)


def _place(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if "." in text or "]" in text else (text, "", "")
    if not host:
        host, port = text, ""
    return host.strip("[]"), int(port) if port.isdigit() else 53
