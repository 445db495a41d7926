"""What a site answers to paths that nobody made: without it no answer to another path can be judged."""

from __future__ import annotations

import asyncio
import re
import secrets
from urllib.parse import urlsplit

from smokerunner.model.check import Answer, CheckContext, Refused, Silence
from smokerunner.model.errors import Inconclusive

LIMIT = 65_536
"""Bytes of a page that are read."""
SHORT = 4096
"""Bytes of a file that are read: enough to know it, too few to have it."""
_AT_ONCE = 4
_PATIENCE = 3
"""Requests without an answer after which a check asks no more."""
_LAST = re.compile(r"\.[A-Za-z0-9]+~?$|~$")
_CHALLENGED_BY = ("cf-mitigated", "x-amzn-waf-action", "x-datadome")
_OPEN = (404, 410)
"""What a site may say to everything without being a wall."""
_RANGE = {"range": f"bytes=0-{SHORT - 1}", "accept-encoding": "identity"}


class Ground:
    """The site under one check."""

    def __init__(self, ctx: CheckContext) -> None:
        self._ctx = ctx
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._unanswered = 0
        self.hosts = {urlsplit(origin).hostname for origin in ctx.origins}

    @property
    def bases(self) -> tuple[str, ...]:
        """Where paths are appended: base_url, and its host's root when it lies below that."""
        return tuple(dict.fromkeys((self._ctx.base_url, origin_of(self._ctx.base_url))))

    async def awake(self) -> None:
        """Raises Inconclusive when not even the home page answers: then nothing can be told of any path."""
        url = self._ctx.base_url + "/"
        try:
            await self._ctx.web.ask(url)
        except Silence as silence:
            raise Inconclusive(f"nothing was asked, as {url} gives no answer: {silence}") from silence

    async def ask(self, url: str, *, short: bool = False, **how: object) -> Answer:
        """One request, bounded. Raises Silence and Refused."""
        async with self._slots:
            if self._unanswered >= _PATIENCE:
                raise Refused(f"not asked: {_PATIENCE} requests before got no answer")
            try:
                return await self._ask(url, short=short, **how)
            except Silence as silence:
                if silence.kind == "timeout":
                    self._unanswered += 1
                raise

    async def _ask(self, url: str, *, short: bool, **how: object) -> Answer:
        if not short:
            return await self._ctx.web.ask(url, limit=LIMIT, **how)  # type: ignore[arg-type]
        try:
            answer = await self._ctx.web.ask(url, headers=_RANGE, limit=SHORT, **how)  # type: ignore[arg-type]
        except Silence as silence:
            if silence.kind != "broken":
                raise
            # A part of something packed cannot be unpacked to its end.
            return await self._ctx.web.ask(url, limit=SHORT, **how)  # type: ignore[arg-type]
        if answer.status == 416:
            # An empty file has no first bytes, and yet it is there.
            return await self._ctx.web.ask(url, limit=SHORT, **how)  # type: ignore[arg-type]
        return answer

    async def control(self, url: str) -> Answer | None:
        """The answer to a random sibling: same directory, same ending. None when there is none."""
        sibling, kind = _sibling(url)

        async def ask() -> Answer:
            return await self._ctx.web.ask(sibling, limit=LIMIT)

        try:
            answer: Answer = await self._ctx.once(f"control of {kind}", ask)
        except (Silence, Refused):
            return None
        return answer

    async def home(self, url: str) -> Answer | None:
        """The answer of the home page of the origin of a URL. None when there is none."""
        own = origin_of(url) == origin_of(self._ctx.base_url)
        try:
            return await self._ctx.web.ask((self._ctx.base_url if own else origin_of(url)) + "/")
        except (Silence, Refused):
            return None

    async def refuses_all(self, answer: Answer) -> bool:
        """Whether the site says the same to everything, so that it says nothing about this path."""
        if answer.status in _OPEN or answer.status < 400:
            return False
        home, control = await self.home(answer.url), await self.control(answer.url)
        return all(other is not None and other.status == answer.status for other in (home, control))

    def is_ours(self, url: str) -> bool:
        """Whether a URL is one of the app's own hosts."""
        return urlsplit(url).hostname in self.hosts

    def goes_on(self, answer: Answer) -> bool:
        """Whether a redirect only spells the same address otherwise, or leads into it: then it is followed."""
        if not answer.location or not self.is_ours(answer.location):
            return False
        asked, target = urlsplit(answer.url), urlsplit(answer.location)
        if asked.path.rstrip("/").lower() == target.path.rstrip("/").lower():
            return answer.location != answer.url
        inside = target.path.startswith(asked.path.rstrip("/") + "/") and len(asked.path) > 1
        return inside and not is_login(answer.location)


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def is_login(url: str) -> bool:
    """Whether an address looks like that of a login."""
    return re.search(r"(?i)/(?:wp-)?(?:log-?in|sign-?in|auth|sso|saml|oauth2?|session|account)\b", url) is not None


def is_challenge(answer: Answer) -> bool:
    """Whether something in front of the app has answered in its stead."""
    return answer.status == 429 or any(answer.header(name) is not None for name in _CHALLENGED_BY)


def random_path(prefix: str = "") -> str:
    """A path that nobody made."""
    return f"/{prefix}{secrets.token_hex(8)}"


def _sibling(url: str) -> tuple[str, str]:
    """A random neighbour of a URL, and what all such neighbours have in common."""
    origin = origin_of(url)
    path = url.partition("://")[2].partition("/")[2].partition("?")[0]
    folder, _, name = f"/{path}".removesuffix("/").rpartition("/")
    dot = "." if name.startswith(".") else ""
    found = _LAST.search(name.removeprefix("."))
    ending = (found[0] if found else "") + ("/" if path.endswith("/") else "")
    return f"{origin}{folder}/{dot}{secrets.token_hex(8)}{ending}", f"{origin}{folder}/{dot}*{ending}"
