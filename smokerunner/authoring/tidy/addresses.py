"""Addresses of the app become paths, so that a flow runs against every environment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from smokerunner.authoring.act import Act, Draft

_PLAIN_VALUE = re.compile(r"[\w ./-]{1,30}", re.ASCII)
_CHANGING = re.compile(r"\d|[A-Za-z]{25,}|[A-Za-z0-9_-]{32,}")
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


@dataclass(frozen=True)
class Addresses:
    """Where the app is: its origin, and the path below which it lives."""

    base_url: str
    one_time: frozenset[str] = frozenset()
    """Pieces of addresses that came by mail and are others in every run."""

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """As the draft says, or the origin of the first page that was gone to."""
        if draft.base_url:
            return cls(draft.base_url.rstrip("/"))
        gone = (str(act.value) for act in draft.acts if act.action == "goto")
        for url in gone:
            parts = urlsplit(url)
            if parts.scheme in ("http", "https"):
                return cls(f"{parts.scheme}://{parts.netloc}")
        return cls("")

    def path(self, url: str) -> str:
        """`/a?x=1` for an address of the app, `//a` when it lies beside base_url's own path; others as they are."""
        base, seen = urlsplit(self.base_url), urlsplit(url)
        if not self.base_url or (base.scheme, base.netloc) != (seen.scheme, seen.netloc):
            return url
        below = base.path.rstrip("/")
        path = seen.path or "/"
        if not below:
            found = path
        elif path == below or path.startswith(below + "/"):
            found = path[len(below) :] or "/"
        else:
            found = "/" + path
        tail = (f"?{seen.query}" if seen.query else "") + (f"#{seen.fragment}" if seen.fragment else "")
        return found + tail

    def is_own(self, url: str) -> bool:
        """Whether an address is the app's."""
        base, seen = urlsplit(self.base_url), urlsplit(url)
        return bool(self.base_url) and (base.scheme, base.netloc) == (seen.scheme, seen.netloc)

    def pattern(self, url: str) -> str:
        """What to expect of an address: segments that differ from run to run are `*`, tokens in the query go."""
        parts = urlsplit(url)
        segments = ["*" if part in self.one_time else _segment(part) for part in parts.path.split("/")]
        query_parts = parse_qsl(parts.query)
        kept = [(key, value) for key, value in query_parts if _is_lasting(value) and value not in self.one_time]
        # As a person reads it, not as a browser encodes it: paths in a query keep their slashes.
        query = urlencode(kept, safe="/${}.")
        found = parts._replace(path="/".join(segments), query=query, fragment="").geturl()
        return self.path(found)


def _segment(segment: str) -> str:
    return "*" if _CHANGING.search(segment) and "${" not in segment else segment


def _is_lasting(value: str) -> bool:
    # A variable's value may hold signs, such as the + of an address, that mean something else in a query.
    return _PLAIN_VALUE.fullmatch(value) is not None and _CHANGING.search(value) is None


def with_paths(acts: Iterable[Act], addresses: Addresses) -> tuple[Act, ...]:
    """The same acts; absolute addresses of the app are paths."""
    return tuple(_with_paths(act, addresses) for act in acts)


def _with_paths(act: Act, addresses: Addresses) -> Act:
    if act.action == "goto":
        return replace(act, value=addresses.path(str(act.value)))
    if act.action == "api" and isinstance(act.value, dict):
        value: dict[str, Any] = {
            key: addresses.path(str(item)) if key in _METHODS else item for key, item in act.value.items()
        }
        return replace(act, value=value)
    if act.action == "expect" and isinstance(act.value, dict) and isinstance(act.value.get("url"), str):
        return replace(act, value={**act.value, "url": addresses.path(act.value["url"])})
    return act
