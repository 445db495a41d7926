"""`http.assets`: the scripts and styles of the home page are there."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from pydantic import Field

from smokerunner.checks.http.home import HTML
from smokerunner.checks.http.hops import hops
from smokerunner.checks.http.page import Loaded, read_page
from smokerunner.model.check import Answer, Check, CheckContext, Finding, Refused, Silence
from smokerunner.model.errors import Inconclusive, NotReached
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_MOST = 60
"""Files that are asked for."""
_TYPES = {
    "script": ("text/javascript", "application/javascript", "application/x-javascript", "application/ecmascript"),
    "stylesheet": ("text/css",),
}
_MANIFEST = "/build/manifest.json"
"""Where Laravel's Vite plug-in lists what was built."""


class Assets(Check):
    """Asks for every own script and style that the home page names, and those of its build manifest."""

    id: ClassVar[str] = "http.assets"
    asks: ClassVar[str] = "Do the scripts and styles load, or does the page come without its looks?"
    passes: ClassVar[str] = "each with status 200, the right content type and a body; none from a developer's machine"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "own"

    path: str = Field(default="/", description="The page whose files are asked for.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Read the page, then ask for each file; those of other hosts are not asked."""
        page = (await hops(ctx, self.path))[-1]
        if page.status != 200 or page.content_type not in HTML:
            raise Inconclusive(f"GET {page.url}: {page}, wanted 200 text/html to read what it loads")
        loads = [one for one in read_page(page.text, page.url).loads if one.kind in _TYPES]
        readings = [_from_bench(one) for one in loads if _on_bench(one.url) and not _on_bench(ctx.base_url)]
        own = {urlsplit(origin).hostname for origin in ctx.origins}
        mine = {one.url: one.kind for one in loads if urlsplit(one.url).hostname in own}
        if any(urlsplit(url).path.startswith("/build/") for url in mine):
            mine |= {url: kind for url, kind in await _built(ctx, page) if url not in mine}
        if not mine and not readings:
            foreign = f"; {len(loads)} come from other hosts, which are not asked" if loads else ""
            raise NotReached(f"GET {page.url} names no scripts or styles of the app's own{foreign}")
        for url, kind in list(mine.items())[:_MOST]:
            readings.append(await _one(ctx, url, kind))
        notes = ["only the beginning of the page was read"] if page.truncated else []
        if len(loads) > sum(one.url in mine for one in loads):
            notes.append("files of other hosts were not asked for")
        if len(mine) > _MOST:
            notes.append(f"only the first {_MOST} of {len(mine)} files were asked for")
        return Finding.of(readings, weak="; ".join(notes))


async def _one(ctx: CheckContext, url: str, kind: str) -> Reading:
    what, wanted = f"GET {url}", f"200 {_TYPES[kind][0]}, not empty; build and deploy the files of this release"
    try:
        answer = await ctx.web.ask(url, limit=1024, follow=2)
    except Refused:
        raise
    except Silence as silence:
        return Reading(what=what, outcome=Outcome.FAILED, seen=str(silence), wanted=wanted)
    good = answer.status == 200 and answer.content_type in _TYPES[kind] and bool(answer.body)
    # An empty file is what some builds make of nothing.
    empty = answer.status == 200 and answer.content_type in _TYPES[kind] and not answer.body
    outcome = Outcome.PASSED if good else Outcome.WARNED if empty else Outcome.FAILED
    return Reading(what=what, outcome=outcome, seen=f"{answer.status} {answer.content_type}", wanted=wanted)


async def _built(ctx: CheckContext, page: Answer) -> list[tuple[str, str]]:
    """What the build manifest lists; nothing where there is none to be read."""
    url = urljoin(page.url, _MANIFEST)
    answer = await ctx.web.ask(url, limit=1_048_576)
    try:
        listed = json.loads(answer.body) if answer.status == 200 else {}
    except ValueError:
        return []
    return [(urljoin(url, name), kind) for name, kind in _entries(listed)]


def _entries(listed: object) -> Iterator[tuple[str, str]]:
    for entry in listed.values() if isinstance(listed, dict) else ():
        if not isinstance(entry, dict):
            continue
        styles = entry.get("css")
        for name in (entry.get("file"), *(styles if isinstance(styles, list) else ())):
            ending = str(name).rpartition(".")[2]
            if isinstance(name, str) and ending in ("js", "css"):
                yield name, "script" if ending == "js" else "stylesheet"


def _on_bench(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback or host in ("0.0.0.0", "::")
    except ValueError:
        return False


def _from_bench(one: Loaded) -> Reading:
    wanted = "a file of the app; remove public/hot, which `npm run dev` leaves behind"
    return Reading(what=f"{one.kind} of the page", outcome=Outcome.FAILED, seen=one.url[:200], wanted=wanted)
