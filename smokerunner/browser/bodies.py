"""What bad answers say: read at once, for the browser forgets them when the page is left."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Error, Request, Response

_MOST, _LARGEST, _LONGEST = 30, 2_000_000, 60_000
"""How many bodies of one attempt, bytes of a body that is asked for, characters that are kept."""
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_PRE = re.compile(r"<pre\b.*?</pre\s*>", re.IGNORECASE | re.DOTALL)
_UNREAD = re.compile(r"<(style|script|svg|noscript)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


class Bodies:
    """The texts of bad answers, by the request that was answered."""

    def __init__(self) -> None:
        self._texts: dict[Request, str] = {}
        self._reading: set[asyncio.Task[None]] = set()
        self._asked = 0

    def keep(self, response: Response) -> None:
        """Begin to read a body, unless there are enough or it is too large."""
        length = response.headers.get("content-length", "0")
        if self._asked >= _MOST or (length.isdigit() and int(length) > _LARGEST):
            return
        self._asked += 1
        task = asyncio.ensure_future(self._read(response))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def settle(self, limit: float) -> None:
        """Wait until what was begun is read, at most `limit` seconds."""
        if self._reading:
            await asyncio.wait(set(self._reading), timeout=limit)

    def text(self, request: Request) -> str:
        """What the answer says; empty when that is not known."""
        return self._texts.get(request, "")

    async def _read(self, response: Response) -> None:
        try:
            body = await response.body()
        except Error:
            # The page was left or closed before the answer was complete: then nobody knows what it said.
            return
        self._texts[response.request] = readable(body, response.headers.get("content-type", ""))


def readable(body: bytes, content_type: str) -> str:
    """What a person would read of an answer: of HTML its title and its words, of other texts all."""
    kind = content_type.partition(";")[0].strip().lower()
    if not (kind.startswith("text/") or "json" in kind or "xml" in kind or not kind) or b"\0" in body[:1000]:
        return ""
    text = body[:_LARGEST].decode("utf-8", "replace")
    if "html" in kind:
        # Few answers are bad, and fewer are pages: what reads them is not worth loading before.
        from smokerunner.model.anchors import text_of_html

        title = _TITLE.search(text)
        words = text_of_html(_PRE.sub(lambda found: found[0].replace("\n", "<br>"), _UNREAD.sub(" ", text)))
        text = f"{' '.join(title[1].split())}\n{words}" if title is not None else words
    return text[:_LONGEST]
