"""What the browser may reach: navigation and writes are bounded, sub-resources are free.

A WebSocket writes, too. It is free like a sub-resource, but where only is read, it is held to `allow_hosts` and
`allow_post` as any write.
"""

from __future__ import annotations

import fnmatch
from collections import Counter
from collections.abc import Callable
from dataclasses import field
from urllib.parse import SplitResult, urlsplit

from playwright.async_api import BrowserContext, Error, Page, Request, Route, WebSocket, WebSocketRoute

from smokerunner.browser.aside import aside
from smokerunner.browser.failures import is_passing
from smokerunner.browser.traffic import frame_of
from smokerunner.model.errors import Inconclusive
from smokerunner.model.matcher import UrlPattern
from smokerunner.model.record import record

_READS = ("GET", "HEAD", "OPTIONS")
REDIRECTED = " (by a redirect)"
_PORTS = {"http": ":80", "ws": ":80", "https": ":443", "wss": ":443"}
_OUR_HEADERS = ("x-smoke-run", "x-smoke-flow")


@record
class Limits:
    """The bounds of one flow. Hosts may carry a port and `*`; without a port any port is meant."""

    base_url: str
    hosts: tuple[str, ...]
    read_only: bool = False
    """Non-GETs pass only to `allow_post`."""
    allow_post: tuple[UrlPattern, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    """Sent to the app's own origin with every request, so that its log can be tied to the run."""
    block: tuple[UrlPattern, ...] = ()
    """Requests that are not made, which is nobody's fault."""

    def objection(self, method: str, url: str, *, navigates: bool) -> str | None:
        """Why this request may not be made; None when it may."""
        foreign = self.foreign(method, url, navigates=navigates)
        if foreign is not None or method in _READS or not self.read_only:
            return foreign
        may_write = any(path.accepts(url, self.base_url) for path in self.allow_post)
        return None if may_write or urlsplit(url).scheme not in _PORTS else f"read_only stopped {method} {url}"

    def foreign(self, method: str, url: str, *, navigates: bool) -> str | None:
        """Why its host may not be asked this; None when it may. The same for all flows of a run."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not (navigates or method not in _READS) or self._is_allowed(parts):
            return None
        return f"allow_hosts does not name {_host_and_port(parts)}: {method} {url}"

    def objection_to_socket(self, url: str) -> str | None:
        """Why this WebSocket may not be opened; None when it may."""
        asked = self.objection("POST", url.replace("ws", "http", 1), navigates=False) if self.read_only else None
        return None if asked is None else f"read_only stopped a WebSocket to {url}"

    def blocks(self, url: str) -> bool:
        """Whether the flow wants this request not to be made."""
        return any(pattern.accepts(url, self.base_url) for pattern in self.block)

    def is_own(self, url: str) -> bool:
        """Whether it is of the app's own origin."""
        base, parts = urlsplit(self.base_url), urlsplit(url)
        return (parts.scheme, parts.netloc) == (base.scheme, base.netloc.rpartition("@")[2])

    @property
    def concerns_all(self) -> bool:
        """Whether it matters what every single request of the context is, and not only whom it writes to."""
        return self.read_only or bool(self.block) or self.has_private_headers

    @property
    def has_private_headers(self) -> bool:
        """Whether the app is sent more than the name of the run, which another host must not learn."""
        return any(name.lower() not in _OUR_HEADERS for name in self.headers)

    def _is_allowed(self, parts: SplitResult) -> bool:
        host, own = parts.hostname or "", urlsplit(self.base_url).hostname
        port = _PORTS[parts.scheme]
        named = _host_and_port(parts) if parts.netloc.rpartition("]")[2].count(":") else _host_and_port(parts) + port
        return host == own or any(
            fnmatch.fnmatchcase(named if ":" in pattern else host, pattern.lower()) for pattern in self.hosts
        )


class Guard:
    """Stops what the limits do not allow, in one browser context, and remembers what it stopped."""

    def __init__(self, limits: Limits, is_tolerated: Callable[[str], bool]) -> None:
        self.stopped: list[str] = []
        self.limits = limits
        self._is_tolerated = is_tolerated
        self._named: Counter[tuple[str, str]] = Counter()
        """What was named and is still to be stopped, at the gate."""
        self._routes = True

    async def watch(self, context: BrowserContext, *, gated: bool) -> None:
        """Hold every request of the context to the limits, before it is sent.

        Where a context has a route, its browser asks for everything anew that it has in its cache already. So most are
        only listened to, if they are `gated`: the gate stops their requests, but does not always know whose they are.
        """
        self._routes = self.limits.concerns_all or not gated
        if self._routes:
            await context.route("**/*", self._decide)
        context.on("request", self._on_request)
        if self.limits.read_only:
            await context.route_web_socket(lambda _: True, self._decide_on_socket)
            context.on("page", self._listen)
            for page in context.pages:
                self._listen(page)

    def require(self, method: str, url: str, *, redirected: bool = False) -> None:
        """Raise Inconclusive, and remember it, when a request beside the page may not be made: no route sees these."""
        objection = self.limits.objection(method, url, navigates=False)
        if objection is not None:
            objection += REDIRECTED if redirected else ""
            self.note(objection, url)
            raise Inconclusive(f"stopped: {objection}")

    def headers_for(self, url: str) -> dict[str, str]:
        """What the app's own origin is sent with every request."""
        return self.limits.headers if self.limits.is_own(url) else {}

    def has_named(self, method: str, url: str) -> bool:
        """Whether this redirect was named here already; asked once for each."""
        known = self._named[method, url] > 0
        self._named[method, url] -= known
        return known

    def note(self, objection: str, url: str) -> None:
        """Remember what was stopped, unless nobody minds."""
        if not self._is_tolerated(url):
            self.stopped.append(objection)

    async def _decide(self, route: Route, request: Request) -> None:
        objection = self.limits.objection(request.method, request.url, navigates=_navigates(request))
        try:
            if self.limits.blocks(request.url):
                await route.abort("blockedbyclient")
                return
            if objection is not None:
                self.note(objection, request.url)
                await route.abort("blockedbyclient")
                return
            added = self.headers_for(request.url)
            with aside():
                await route.continue_(headers={**request.headers, **added} if added else None)
        except Error as wrong:
            # The page was closed or left while its request waited for an answer.
            if not (is_passing(wrong) or "closed" in wrong.message or "already handled" in wrong.message):
                raise

    def _on_request(self, request: Request) -> None:
        # No route sees redirects. The gate stops them; whose they are is known here only.
        is_redirected = request.redirected_from is not None
        if is_redirected or not self._routes:
            objection = self.limits.objection(request.method, request.url, navigates=_navigates(request))
            if objection is not None:
                self._named[request.method, request.url] += 1
                self.note(objection + (REDIRECTED if is_redirected else ""), request.url)

    async def _decide_on_socket(self, socket: WebSocketRoute) -> None:
        objection = self.limits.objection_to_socket(socket.url)
        if objection is None:
            socket.connect_to_server()
            return
        self.note(objection, socket.url)
        await socket.close(code=1008, reason="stopped by read_only")

    def _listen(self, page: Page) -> None:
        page.on("websocket", self._on_socket)

    def _on_socket(self, socket: WebSocket) -> None:
        # What a page opens was stopped before it came so far; what a worker opens cannot be.
        objection = self.limits.objection_to_socket(socket.url)
        if objection is not None:
            self.note(f"{objection.replace('stopped', 'forbids', 1)}, which a worker opened", socket.url)


def _navigates(request: Request) -> bool:
    if not request.is_navigation_request():
        return False
    frame = frame_of(request)
    return frame is None or frame.parent_frame is None


def _host_and_port(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2].lower()
