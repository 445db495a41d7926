"""Questions asked before and after the flows: is the app there, are we online, which release is served."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from smokerunner.browser.guard import Limits
from smokerunner.model.config import Environment, ReleaseSource
from smokerunner.model.matcher import join
from smokerunner.model.outcome import Outcome
from smokerunner.model.record import record
from smokerunner.replay.access import Access
from smokerunner.replay.asking import Answer, Question, Unanswered, ask, is_loopback

_AGAIN = 2.0


@record
class Reach:
    """Whether the app can be asked at all: passed, failed (it is wrong) or inconclusive (we cannot tell)."""

    outcome: Outcome
    message: str = ""
    is_tls: bool = False
    """Whether it listens, but nobody vouches for it: checks can say more than that."""


class Probe:
    """Plain HTTP requests to one environment, without a browser."""

    def __init__(self, environment: Environment, base_url: str, access: Access | None = None) -> None:
        self._environment = environment
        self._access = access or Access()
        self._base_url = base_url
        self._host = urlsplit(base_url).hostname or ""
        mapped = environment.mapped(base_url)
        self._is_mapped = mapped is not None
        self._is_loopback = is_loopback((mapped or "").rpartition(":")[0] or self._host)

    async def reach(self) -> Reach:
        """Ask base_url once. Any HTTP answer means it is there; what it says is the flows' business.

        A message comes with it when visitors are sent on to a host where the flows may not follow.
        """
        try:
            answer = await self._get(self._base_url)
        except Unanswered as wrong:
            return await self._judge(wrong)
        return Reach(Outcome.PASSED, self._sent_elsewhere(answer))

    def _sent_elsewhere(self, answer: Answer) -> str:
        """What to write down when base_url leads to a host that `allow_hosts` does not name; empty when it does not."""
        if answer.location is None:
            return ""
        there = urljoin(self._base_url, answer.location)
        limits = Limits(self._base_url, self._environment.allow_hosts)
        if limits.foreign("GET", there, navigates=True) is None:
            return ""
        parts = urlsplit(there)
        return (
            f"{self._base_url} sends visitors on to {parts.scheme}://{parts.netloc}, where the flows may not go; "
            f"write base_url: {parts.scheme}://{parts.netloc}, or allow_hosts: [{parts.hostname}] if that is right"
        )

    async def _judge(self, wrong: Unanswered) -> Reach:
        said = f"{self._base_url} is not reachable: {wrong}"
        if self._is_loopback or wrong.is_tls:
            return Reach(Outcome.FAILED, said, wrong.is_tls)
        if await self._is_offline():
            return Reach(Outcome.INCONCLUSIVE, f"this machine is offline, so nothing can be told ({wrong})")
        resolver = await self._resolver()
        if resolver == "silent":
            return Reach(Outcome.INCONCLUSIVE, f"the name service does not answer for {self._host}")
        return Reach(Outcome.FAILED, said)

    async def _is_offline(self) -> bool:
        """No default route, or every host of `connectivity` fails."""
        if not has_default_route():
            return True
        if not self._environment.connectivity:
            return False
        tried = await asyncio.gather(*(self._answers(url) for url in self._environment.connectivity))
        return not any(tried)

    async def _answers(self, url: str) -> bool:
        try:
            await self._get(url if "://" in url else f"http://{url}")
        except Unanswered:
            return False
        return True

    async def _resolver(self) -> str:
        """`known`, `unknown` (NXDOMAIN) or `silent`."""
        if self._is_mapped:
            return "known"
        try:
            await asyncio.get_running_loop().getaddrinfo(self._host, None)
        except socket.gaierror as wrong:
            return "silent" if wrong.errno == socket.EAI_AGAIN else "unknown"
        return "known"

    async def release(self) -> str | None:
        """The release that is served now; None when it cannot be read."""
        source = self._environment.release
        if source is None:
            return None
        try:
            answer = await self._get(join(self._base_url, source.path))
        except Unanswered:
            return None
        return read_release(source, answer)

    async def wait_for_release(self, expected: str, limit: float) -> str | None:
        """Ask until `expected` is served or `limit` seconds are over; the last one seen."""
        clock = asyncio.get_running_loop().time
        until = clock() + limit
        while True:
            seen = await self.release()
            if seen == expected or clock() >= until:
                return seen
            await asyncio.sleep(min(_AGAIN, max(until - clock(), 0)))

    async def _get(self, url: str) -> Answer:
        shown = self._access
        login, own = shown.login(url), shown.headers(url)
        trust = shown.trust(url, insecure=self._environment.insecure_tls)
        url, headers, extensions = self._resolved(url)
        return await ask(Question(url, {**own, **headers}, login, trust, extensions))

    def _resolved(self, url: str) -> tuple[str, dict[str, str], dict[str, str]]:
        """`resolve:` sends the request to another address, with the host's own name in it."""
        parts = urlsplit(url)
        address = self._environment.mapped(url)
        if address is None:
            return url, {}, {}
        host, _, port = address.rpartition(":")
        netloc = f"{host or address}:{port}" if host else address
        moved = parts._replace(netloc=netloc).geturl()
        return moved, {"host": parts.netloc}, {"sni_hostname": parts.hostname or ""}


def read_release(source: ReleaseSource, answer: Answer) -> str | None:
    """What the answer says about the release; None when it does not say."""
    if source.header is not None:
        return answer.headers.get(source.header.lower())
    if source.page is not None:
        found = re.search(source.page, answer.text)
        return None if found is None else (found[1] if found.re.groups else found[0])
    from jsonpath import JSONPathError, findall

    try:
        values = findall(source.json_ or "", json.loads(answer.content))
    except (ValueError, JSONPathError):
        return None
    return str(values[0]) if values else None


def has_default_route(tables: Path = Path("/proc/net")) -> bool:
    """Whether packets for the rest of the world have a way out; True where that cannot be read."""
    four, six = tables / "route", tables / "ipv6_route"
    if not four.exists():
        return True
    rows = [line.split() for line in four.read_text().splitlines()[1:]]
    if any(len(row) > 7 and row[1] == "00000000" and row[7] == "00000000" for row in rows):
        return True
    if not six.exists():
        return False
    rows = [line.split() for line in six.read_text().splitlines()]
    return any(len(row) > 9 and row[0] == "0" * 32 and row[1] == "00" and row[9] != "lo" for row in rows)
