"""What a browser context says and asks for while an attempt goes on: console, requests, downloads, dialogs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Error, Frame, Page, Request, Response, WebError
from playwright.async_api import ConsoleMessage as Said

from smokerunner.browser.bodies import Bodies
from smokerunner.browser.sockets import Sockets
from smokerunner.model.matcher import Matcher, UrlPattern
from smokerunner.model.observation import AnswerSeen
from smokerunner.model.result import ConsoleMessage, RequestSeen

_COMPLAINT = "Failed to load resource"
_OFFLINE = "net::ERR_INTERNET_DISCONNECTED"
_LONGEST = 50_000
"""Characters of a console message. Results keep less, but are cut only after secrets were masked."""
_WAITED_FOR = {"document", "xhr", "fetch", "script", "stylesheet"}
_READ = {"document", "xhr", "fetch"}


@dataclass
class _Pending:
    request: Request
    seen: RequestSeen
    began: float
    response: Response | None = None


def _shortened(text: str) -> str:
    # `…` tells whoever masks it that what stands before it may be the beginning of a secret.
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


class Traffic:
    """Listens to one context. Lists only grow, so a length remembers a moment."""

    def __init__(
        self,
        context: BrowserContext,
        *,
        origin: str,
        tolerated_console: tuple[Matcher, ...],
        tolerated_requests: tuple[UrlPattern, ...],
        blocked: tuple[UrlPattern, ...] = (),
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self.console: list[ConsoleMessage] = []
        self.downloads: list[tuple[str, bytes]] = []
        self._taken = 0
        self._order: list[_Pending] = []
        self._by_request: dict[Request, _Pending] = {}
        self._open: set[Request] = set()
        self._forgiven: set[str] = set()
        self._beside: list[tuple[int, AnswerSeen]] = []
        self.bodies = Bodies()
        self.sockets = Sockets(context, now)
        self._origin = origin
        self._tolerated_console = tolerated_console
        self._tolerated_requests = tolerated_requests
        self._blocked = blocked
        self.is_offline = False
        self._has_been_offline = False
        self._now = now
        self._monotonic = monotonic
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("requestfinished", self._on_finished)
        context.on("requestfailed", self._on_failed)

    @property
    def requests(self) -> list[RequestSeen]:
        """Every request in the order it was made, as it stands now."""
        return [pending.seen for pending in self._order]

    def take_downloads(self) -> list[tuple[str, bytes]]:
        """The files received since this was last asked."""
        taken, self._taken = self.downloads[self._taken :], len(self.downloads)
        return taken

    def is_tolerated(self, url: str) -> bool:
        """Whether nobody minds when this request fails."""
        return any(pattern.accepts(url, self._origin) for pattern in (*self._tolerated_requests, *self._blocked))

    def is_blocked(self, url: str) -> bool:
        """Whether this request is not made at all, because the flow says so."""
        return any(pattern.accepts(url, self._origin) for pattern in self._blocked)

    def go(self, *, offline: bool) -> None:
        """The network was taken away, or is there again: what the browser says about its absence does not count."""
        self.is_offline = offline
        self._has_been_offline = self._has_been_offline or offline

    def forgive(self, url: str) -> None:
        """The browser's own complaint about the answer from `url`, said already or still to come, does not count."""
        self._forgiven.add(url)
        for index, message in enumerate(self.console):
            if message.url == url and message.text.startswith(_COMPLAINT):
                self.console[index] = message.model_copy(update={"counts": False})

    def pending(self, page: Page, since: int) -> tuple[bool, bool]:
        """Whether a navigation, and whether other work, that began after the first `since` requests is under way."""
        navigating = working = False
        for entry in self._order[since:]:
            if entry.request in self._open and entry.seen.kind in _WAITED_FOR:
                if entry.request.is_navigation_request() and frame_of(entry.request) == page.main_frame:
                    navigating = True
                else:
                    working = True
        return navigating, working

    def navigated(self, page: Page, since: int) -> bool:
        """Whether a navigation of this page began after the first `since` requests."""
        return self.navigation_began(page, since) is not None

    def navigation_began(self, page: Page, since: int) -> float | None:
        """When, by the monotonic clock, the first navigation of this page after the first `since` requests began."""
        return next((entry.began for entry in self._order[since:] if self._is_document(entry, page)), None)

    def troubles(self, since: int) -> tuple[RequestSeen, ...]:
        """Requests after the first `since` that failed or were answered with 400 and more, tolerated ones left out."""
        return tuple(
            entry.seen
            for entry in self._order[since:]
            if ((entry.seen.status or 0) >= 400 or entry.seen.failure)
            and not self.is_tolerated(entry.seen.url)
            and not (self._has_been_offline and entry.seen.failure == _OFFLINE)
        )

    def note_beside(self, answer: AnswerSeen) -> None:
        """Remember an answer to a request that was made beside the page."""
        self._beside.append((len(self._order), answer))

    def answers(self, page: Page, since: int) -> list[AnswerSeen]:
        """Every request with its answer so far, in order; `during` is set from the first `since` requests on.

        A document of another page or of a frame is of the kind `frame`.
        """
        found = [
            (index, self._answer(entry, page, during=index >= since))
            for index, entry in enumerate(self._order)
            if entry.request in self._open or entry.seen.status is not None or entry.seen.failure is not None
        ]
        beside = [(index - 0.5, answer.model_copy(update={"during": index >= since})) for index, answer in self._beside]
        return [answer for _, answer in sorted([*found, *beside], key=lambda pair: pair[0])]

    def redirects(self, page: Page, since: int) -> list[AnswerSeen]:
        """How the newest document of this page was come by: what was asked for first, then where that led."""
        for index in range(len(self._order) - 1, -1, -1):
            entry = self._order[index]
            status = entry.seen.status or 0
            is_end = entry.seen.failure is not None or (status and not 300 <= status < 400 and status not in (204, 205))
            if is_end and self._is_document(entry, page):
                chain = [entry]
                while (origin := chain[0].request.redirected_from) is not None and origin in self._by_request:
                    chain.insert(0, self._by_request[origin])
                during = index >= since
                return [self._answer(hop, page, during=during) for hop in chain]
        return []

    def _answer(self, entry: _Pending, page: Page, *, during: bool) -> AnswerSeen:
        seen, response = entry.seen, entry.response
        is_open = seen.status is None and seen.failure is None
        kind = "frame" if seen.kind == "document" and not self._is_document(entry, page) else seen.kind
        return AnswerSeen(
            method=seen.method,
            url=seen.url,
            kind=kind,
            status=seen.status,
            reason=response.status_text if response is not None else "",
            failure=seen.failure,
            seconds=round(self._monotonic() - entry.began if is_open else seen.seconds or 0, 3),
            content_type=response.headers.get("content-type", "") if response is not None else "",
            text=self.bodies.text(entry.request),
            own=self._is_own(seen.url),
            during=during,
            complete=entry.request not in self._open,
        )

    @staticmethod
    def _is_document(entry: _Pending, page: Page) -> bool:
        return entry.request.is_navigation_request() and frame_of(entry.request) == page.main_frame

    def _is_own(self, url: str) -> bool:
        return urlsplit(url).netloc == urlsplit(self._origin).netloc

    def _on_console(self, said: Said) -> None:
        place = said.location or {}
        url = place.get("url", "")
        page = said.page
        own = self._is_own(url or (page.url if page else ""))
        self._say(said.type, said.text, url, int(place.get("lineNumber", 0)), own=own and said.type == "error")

    def _on_error(self, wrong: WebError) -> None:
        page = wrong.page
        own = self._is_own(page.url) if page else True
        self._say("exception", str(wrong.error), page.url if page else "", 0, own=own)

    def _say(self, level: str, text: str, url: str, line: int, *, own: bool) -> None:
        tolerated = any(matcher.accepts(text) for matcher in self._tolerated_console) or (
            bool(url) and (self.is_tolerated(url) or (url in self._forgiven and text.startswith(_COMPLAINT)))
        )
        tolerated = tolerated or (self._has_been_offline and _OFFLINE in text)
        self.console.append(
            ConsoleMessage(
                level=level, text=_shortened(text), url=url, line=line, counts=own and not tolerated, at=self._now()
            )
        )

    def _on_request(self, request: Request) -> None:
        seen = RequestSeen(method=request.method, url=request.url, kind=request.resource_type, at=self._now())
        entry = _Pending(request, seen, self._monotonic())
        self._order.append(entry)
        self._by_request[request] = entry
        self._open.add(request)

    def _on_response(self, response: Response) -> None:
        entry = self._by_request.get(response.request)
        if entry is not None:
            entry.response = response
            entry.seen = entry.seen.model_copy(
                update={"status": response.status, "seconds": self._monotonic() - entry.began}
            )
            if response.status >= 400 and entry.seen.kind in _READ and self._is_own(entry.seen.url):
                self.bodies.keep(response)

    def _on_finished(self, request: Request) -> None:
        self._open.discard(request)

    def _on_failed(self, request: Request) -> None:
        self._open.discard(request)
        entry = self._by_request.get(request)
        if entry is None:
            return
        reason = request.failure or "failed"
        # A page that is left, or a download that begins, aborts its requests: nobody's fault.
        if reason in ("net::ERR_ABORTED", "NS_BINDING_ABORTED"):
            return
        if reason == "net::ERR_BLOCKED_BY_CLIENT" and self.is_blocked(entry.seen.url):
            return
        entry.seen = entry.seen.model_copy(update={"failure": reason, "seconds": self._monotonic() - entry.began})


def frame_of(request: Request) -> Frame | None:
    """The frame that asks; None for the first request of a page that is only being made."""
    try:
        return request.frame
    except Error as wrong:
        if "not available" in wrong.message or "Service Worker" in wrong.message:
            return None
        raise
