"""What the browser may reach: navigation and writes are bounded, sub-resources are free."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Error, Request, Route

from smokerunner.browser.failures import is_passing
from smokerunner.browser.traffic import frame_of
from smokerunner.model.errors import Inconclusive
from smokerunner.model.matcher import UrlPattern

_READS = ("GET", "HEAD", "OPTIONS")
_REDIRECTED = " (by a redirect)"


@dataclass(frozen=True)
class Limits:
    """The bounds of one flow. Hosts may carry a port and `*`; without a port any port is meant."""

    base_url: str
    hosts: tuple[str, ...]
    read_only: bool = False
    """Non-GETs pass only to `allow_post`."""
    allow_post: tuple[UrlPattern, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    """Sent to the app's own origin with every request, so that its log can be tied to the run."""

    def objection(self, method: str, url: str, *, navigates: bool) -> str | None:
        """Why this request may not be made; None when it may."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https", "ws", "wss"):
            return None
        writes = method not in _READS
        if (writes or navigates) and not self._is_allowed(parts.hostname or "", parts.netloc):
            return f"allow_hosts does not name {parts.netloc}: {method} {url}"
        if writes and self.read_only and not any(path.accepts(url, self.base_url) for path in self.allow_post):
            return f"read_only stopped {method} {url}"
        return None

    def _is_allowed(self, host: str, netloc: str) -> bool:
        return any(fnmatch.fnmatch(netloc if ":" in pattern else host, pattern) for pattern in self.hosts)


class Guard:
    """Stops what the limits do not allow, in one browser context, and remembers what it stopped."""

    def __init__(self, limits: Limits, is_tolerated: Callable[[str], bool]) -> None:
        self.stopped: list[str] = []
        self._limits = limits
        self._is_tolerated = is_tolerated
        base = urlsplit(limits.base_url)
        self._origin = (base.scheme, base.netloc)

    async def watch(self, context: BrowserContext) -> None:
        """Look at every request of the context before it is sent."""
        await context.route("**/*", self._decide)
        context.on("request", self._on_request)

    def require(self, method: str, url: str, *, redirected: bool = False) -> None:
        """Raise Inconclusive, and remember it, when a request beside the page may not be made: no route sees these."""
        objection = self._limits.objection(method, url, navigates=False)
        if objection is not None:
            objection += _REDIRECTED if redirected else ""
            self._note(objection, url)
            raise Inconclusive(f"stopped: {objection}")

    def headers_for(self, url: str) -> dict[str, str]:
        """What the app's own origin is sent with every request."""
        parts = urlsplit(url)
        return self._limits.headers if (parts.scheme, parts.netloc) == self._origin else {}

    async def _decide(self, route: Route, request: Request) -> None:
        objection = self._limits.objection(request.method, request.url, navigates=_navigates(request))
        try:
            if objection is not None:
                self._note(objection, request.url)
                await route.abort("blockedbyclient")
                return
            added = self.headers_for(request.url)
            await route.continue_(headers={**request.headers, **added} if added else None)
        except Error as wrong:
            # The page was closed or left while its request waited for an answer.
            if not (is_passing(wrong) or "closed" in wrong.message or "already handled" in wrong.message):
                raise

    def _on_request(self, request: Request) -> None:
        # Redirects cannot be stopped by a route, so at least they are named.
        if request.redirected_from is not None:
            objection = self._limits.objection(request.method, request.url, navigates=_navigates(request))
            if objection is not None:
                self._note(objection + _REDIRECTED, request.url)

    def _note(self, objection: str, url: str) -> None:
        if not self._is_tolerated(url):
            self.stopped.append(objection)


def _navigates(request: Request) -> bool:
    if not request.is_navigation_request():
        return False
    frame = frame_of(request)
    return frame is None or frame.parent_frame is None
