"""What the families of checks are called, in the order in which people want to read them."""

from __future__ import annotations

from collections.abc import Mapping

FAMILIES: Mapping[str, str] = {
    "http": "The app",
    "perf": "Response times",
    "tls": "TLS",
    "hdr": "Headers",
    "cookie": "Cookies",
    "sec": "Exposure and debug",
    "api": "API",
    "mail": "Mail",
    "pay": "Payment",
    "queue": "Queue",
    "sched": "Scheduler",
    "health": "Health",
    "srv": "Server",
    "rel": "Release",
}
"""By the piece of an id before its first dot."""


def family_of(id_: str) -> str:
    """The family that an id belongs to."""
    return id_.partition(".")[0]


def title_of(family: str) -> str:
    """What a family is called; its own word when nobody has named it."""
    return FAMILIES.get(family, family)
