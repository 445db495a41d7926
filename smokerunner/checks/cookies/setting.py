"""`Set-Cookie` as it was sent; what a browser made of it is another matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_TOKENS = ("csrf", "xsrf")


@dataclass(frozen=True)
class SetCookie:
    """One cookie as the app sets it; attributes that are absent are empty."""

    name: str
    secure: bool
    http_only: bool
    same_site: str | None
    """As written; None when the attribute is absent."""
    domain: str
    """Without a dot at its beginning."""
    deletes: bool
    """Whether it only takes the cookie away."""

    @property
    def is_token(self) -> bool:
        """Whether it guards forms: scripts must be able to read it."""
        return any(mark in self.name.lower() for mark in _TOKENS)

    @property
    def is_session(self) -> bool:
        """Whether it lets its owner in, judged by its name."""
        return is_session(self.name)

    @property
    def is_valid(self) -> bool:
        """Whether SameSite says something that browsers know, and says None only beside Secure."""
        if self.same_site is None:
            return True
        said = self.same_site.lower()
        return said in ("strict", "lax") or (said == "none" and self.secure)


def is_session(name: str) -> bool:
    """Whether a cookie of this name lets its owner in: the marks of HTTP Observatory, and `sid` at a word's end."""
    low = name.lower()
    if any(mark in low for mark in _TOKENS):
        return False
    return "sess" in low or "login" in low or low == "sid" or low.endswith((".sid", "_sid", "-sid"))


def read_cookies(headers: Iterable[str]) -> tuple[SetCookie, ...]:
    """All cookies that are set; the last of those with the same name."""
    found: dict[str, SetCookie] = {}
    for header in headers:
        first, *rest = header.split(";")
        name, equals, value = first.partition("=")
        if not equals or not name.strip():
            continue
        attributes: dict[str, str] = {}
        for part in rest:
            key, _, said = part.partition("=")
            attributes[key.strip().lower()] = said.strip()
        found[name.strip()] = SetCookie(
            name=name.strip(),
            secure="secure" in attributes,
            http_only="httponly" in attributes,
            same_site=attributes.get("samesite"),
            domain=attributes.get("domain", "").lstrip(".").lower(),
            deletes=attributes.get("max-age", "") in ("0", "-1")
            or (not value.strip() and "1970" in attributes.get("expires", "")),
        )
    return tuple(found.values())
