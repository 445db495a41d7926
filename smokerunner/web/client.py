"""A polite HTTP client for checks: paced, bounded in size and time, to configured hosts only."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import httpx

from smokerunner.model.check import Answer, Phases, Refused, Silence
from smokerunner.model.errors import Inconclusive
from smokerunner.web.body import Undecodable, read_body
from smokerunner.web.pace import Pace
from smokerunner.web.records import records
from smokerunner.web.trust import trusted

PORTS: Mapping[str, int] = {"http": 80, "https": 443}
_PATIENCE_OF_WALLS = 3
"""Challenges or `429` in a row after which a host is left alone."""
_MOST_FOLLOWED = 5
_CHALLENGES = (b"cf-chl", b"_Incapsula_Resource", b"captcha-delivery.com", b"px-captcha", b"awswaf")
_CHALLENGED_BY = ("cf-mitigated", "x-amzn-waf-action", "x-datadome")


@dataclass(frozen=True)
class Shown:
    """What a request shows the app so that it lets it in."""

    headers: Mapping[str, str] = field(default_factory=dict)
    login: httpx.BasicAuth | None = None
    trust: bool | ssl.SSLContext = True


class Client:
    """All requests of one run's checks."""

    def __init__(
        self,
        *,
        base_url: str,
        origins: tuple[str, ...],
        resolve: Mapping[str, str],
        per_second: float,
        at_once: int,
        agent: str,
        show: Callable[[str], Shown] = lambda _: Shown(),
        resolvers: tuple[str, ...] = (),
    ) -> None:
        self._base_url = base_url
        self._hosts = {urlsplit(origin).hostname for origin in origins}
        self._resolve = resolve
        self._limits = (per_second, at_once)
        self._agent = agent
        self._show = show
        self._resolvers = resolvers
        self._paces: dict[str, Pace] = {}
        self._walled: dict[str, int] = {}
        self._told: dict[object, asyncio.Task[Answer]] = {}
        self._open: dict[object, httpx.AsyncClient] = {}
        self.sent = 0

    async def close(self) -> None:
        """Close all connections."""
        for task in self._told.values():
            task.cancel()
        await asyncio.gather(*self._told.values(), return_exceptions=True)
        for client in self._open.values():
            await client.aclose()

    def counted(self) -> Counted:
        """The same client for one check, which counts what that check sends."""
        return Counted(self)

    async def addresses(self, host: str) -> tuple[str, ...]:
        """All addresses of a host, in the order in which they would be tried. Raises Silence."""
        if self._resolvers and not _is_address(host):
            return await self._looked_up(host)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except socket.gaierror as wrong:
            raise Silence("name", f"{host} has no address: {wrong.strerror}") from wrong
        return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))

    async def _looked_up(self, host: str) -> tuple[str, ...]:
        """What the environment's own name servers say, IPv4 first: that works from more places."""
        try:
            four = await records(host, "A", self._resolvers)
            six = await records(host, "AAAA", self._resolvers)
        except Inconclusive as wrong:
            raise Silence("name", str(wrong)) from wrong
        if not four + six:
            raise Silence("name", f"{host} has no address: the name servers know no A or AAAA record of it")
        return four + six

    async def targets(self, url: str) -> tuple[tuple[str, int], ...]:
        """The addresses and ports where the origin of a URL is asked, `resolve` included. Raises Silence."""
        parts = urlsplit(url)
        return await self._targets(parts.hostname or "", parts.port or PORTS[parts.scheme], None)

    async def ask(
        self,
        count: Callable[[], None],
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limit: int = 262_144,
        timeout: float = 10.0,
        address: str | None = None,
        fresh: bool = False,
        follow: int = 0,
    ) -> Answer:
        """See `model.check.Web.ask`; `count` is called for each request that is really sent."""
        url = url if "://" in url else self._base_url + (url if url.startswith("/") else f"/{url}")
        given = dict(headers or {})

        async def once(url: str) -> Answer:
            count()
            self.sent += 1
            return await self._send(method, url, given, body, limit, timeout, address, fresh=fresh)

        for _ in range(min(follow, _MOST_FOLLOWED)):
            answer = await self._once(once, method, url, given, limit, address, fresh=fresh or body is not None)
            if not answer.location or not self._is_own(answer.location):
                return answer
            url = answer.location
        return await self._once(once, method, url, given, limit, address, fresh=fresh or body is not None)

    async def _once(
        self,
        send: Callable[[str], Any],
        method: str,
        url: str,
        headers: Mapping[str, str],
        limit: int,
        address: str | None,
        *,
        fresh: bool,
    ) -> Answer:
        self._require_allowed(url)
        if fresh or method != "GET":
            answer: Answer = await send(url)
            return answer
        key = (url, frozenset(headers.items()), limit, address)
        if key not in self._told:
            self._told[key] = asyncio.ensure_future(send(url))
        # A check that is given up must not take the answer from those that wait for the same one.
        return await asyncio.shield(self._told[key])

    def _is_own(self, url: str) -> bool:
        """Whether a URL, as an app may have written it, is one of the app's that can be asked for."""
        try:
            parts = urlsplit(url)
            return parts.scheme in PORTS and parts.hostname in self._hosts and parts.port != 0
        except ValueError:
            return False

    def _require_allowed(self, url: str) -> None:
        host = urlsplit(url).hostname or ""
        if not self._is_own(url):
            raise Refused(f"{url} was not asked: {host} is none of the app's hosts; name it under `hosts:`")
        if self._walled.get(host, 0) >= _PATIENCE_OF_WALLS:
            raise Refused(f"{host} is no longer asked: it answered {_PATIENCE_OF_WALLS} times with 429 or a challenge")

    async def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        limit: int,
        timeout: float,
        address: str | None,
        *,
        fresh: bool,
    ) -> Answer:
        host = urlsplit(url).hostname or ""
        pace = self._paces.setdefault(host, Pace(*self._limits))
        async with pace.turn():
            # It may have had enough while this one waited.
            self._require_allowed(url)
            try:
                async with asyncio.timeout(timeout):
                    answer = await self._exchange(method, url, headers, body, limit, address, fresh=fresh)
            except TimeoutError as late:
                raise Silence("timeout", f"no whole answer within {timeout:g} s") from late
        self._walled[host] = self._walled.get(host, 0) + 1 if is_wall(answer) else 0
        return answer

    async def _exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        limit: int,
        address: str | None,
        *,
        fresh: bool,
    ) -> Answer:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        begun = asyncio.get_running_loop().time()
        targets = await self._targets(host, port, address)
        named = asyncio.get_running_loop().time() - begun
        for index, target in enumerate(targets):
            try:
                answer = await self._reach(method, url, headers, body, limit, target, fresh=fresh)
            except Silence as silence:
                # As browsers do: another address of the same host may listen.
                if silence.kind == "refused" and index < len(targets) - 1:
                    continue
                raise
            phases = replace(answer.phases, name=named, total=answer.phases.total + named)
            return replace(answer, phases=phases)
        raise Silence("name", f"{host} has no address")

    async def _targets(self, host: str, port: int, address: str | None) -> tuple[tuple[str, int], ...]:
        if address is not None:
            return ((address, port),)
        mapped = self._resolve.get(f"{host}:{port}") or self._resolve.get(host)
        if mapped is not None:
            there, _, its_port = mapped.rpartition(":") if ":" in mapped else (mapped, "", "")
            return ((there.strip("[]"), int(its_port) if its_port else port),)
        return tuple((one, port) for one in await self.addresses(host))

    async def _reach(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        limit: int,
        target: tuple[str, int],
        *,
        fresh: bool,
    ) -> Answer:
        parts = urlsplit(url)
        shown = self._show(url)
        stages = _Stages()
        request = httpx.Request(
            method,
            httpx.URL(scheme=parts.scheme, host=target[0], port=target[1]),
            headers={
                "host": parts.netloc.rpartition("@")[2],
                "user-agent": self._agent,
                "accept": "*/*",
                "accept-encoding": "gzip",
                **shown.headers,
                **headers,
            },
            content=body,
            extensions={"sni_hostname": parts.hostname, "target": _raw_path(url), "trace": stages.note},
        )
        client = self._client(shown.trust, parts.hostname or "", fresh=fresh)
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            # With no client-side cookies and no redirects, what is sent is what was asked for.
            response = await client.send(request, stream=True, auth=shown.login)
            try:
                content, truncated = await read_body(
                    response.aiter_raw(), response.headers.get("content-encoding", ""), limit
                )
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, Undecodable) as wrong:
            raise _silence(wrong) from wrong
        finally:
            if fresh:
                await client.aclose()
        ended = clock()
        return Answer(
            method=method,
            url=url,
            status=response.status_code,
            headers=tuple(
                (key.lower().decode("latin-1"), value.decode("latin-1")) for key, value in response.headers.raw
            ),
            body=content,
            truncated=truncated,
            phases=stages.phases(begun, ended),
            address=f"[{target[0]}]:{target[1]}" if ":" in target[0] else f"{target[0]}:{target[1]}",
        )

    def _client(self, trust: bool | ssl.SSLContext, host: str, *, fresh: bool) -> httpx.AsyncClient:
        # To read the authorities takes longer than most answers.
        verify = trusted() if trust is True else trust
        # `cookies` of a client would come back with the next request, and change what is asked.
        if fresh:
            return httpx.AsyncClient(verify=verify, timeout=None, trust_env=False, cookies=_NoCookies())
        # Two hosts at one address have certificates of their own, so they share no connection.
        key = (trust if isinstance(trust, bool) else id(trust), host)
        if key not in self._open:
            self._open[key] = httpx.AsyncClient(verify=verify, timeout=None, trust_env=False, cookies=_NoCookies())
        return self._open[key]


class Counted:
    """A client as one check sees it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._sent = 0

    @property
    def sent(self) -> int:
        """How many requests were sent for this check."""
        return self._sent

    async def ask(self, url: str, **how: Any) -> Answer:
        """See `model.check.Web.ask`."""
        return await self._client.ask(self._count, url, **how)

    async def addresses(self, host: str) -> tuple[str, ...]:
        """See `model.check.Web.addresses`."""
        return await self._client.addresses(host)

    async def targets(self, url: str) -> tuple[tuple[str, int], ...]:
        """See `model.check.Web.targets`."""
        return await self._client.targets(url)

    def _count(self) -> None:
        self._sent += 1


class _NoCookies(httpx.Cookies):
    """A jar that keeps nothing."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Forget what the app would have kept."""


class _Stages:
    """When each stage of a request ended, as httpcore tells it."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}

    async def note(self, name: str, _info: Mapping[str, Any]) -> None:
        """Called by httpcore."""
        stage = name.partition(".")[2]
        self._at[stage] = asyncio.get_running_loop().time()

    def phases(self, begun: float, ended: float) -> Phases:
        """What the stages add up to."""
        at = self._at

        def between(start: str, end: str) -> float:
            return max(at[end] - at[start], 0.0) if start in at and end in at else 0.0

        head = at.get("receive_response_headers.complete", ended)
        return Phases(
            connect=between("connect_tcp.started", "connect_tcp.complete"),
            tls=between("start_tls.started", "start_tls.complete"),
            first_byte=max(head - at.get("send_request_headers.started", begun), 0.0),
            transfer=max(ended - head, 0.0),
            total=ended - begun,
        )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _raw_path(url: str) -> bytes:
    """Path and query as they were written: what a library would tidy up is just what some checks ask for."""
    after = url.partition("://")[2]
    start = min((at for at in (after.find("/"), after.find("?")) if at >= 0), default=len(after))
    path = after[start:].partition("#")[0]
    return (path if path.startswith("/") else f"/{path}").encode("utf-8")


def _silence(wrong: Exception) -> Silence:
    cause: BaseException | None = wrong
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLError):
        said = getattr(cause, "verify_message", "") or cause.reason or str(cause)
        return Silence("tls", f"no TLS connection: {said}")
    if isinstance(wrong, httpx.ConnectError):
        return Silence("refused", "connection refused")
    if isinstance(wrong, httpx.RemoteProtocolError | httpx.ReadError | Undecodable | httpx.DecodingError):
        return Silence("broken", f"the answer is broken: {wrong or type(wrong).__name__}")
    return Silence("broken", f"{type(wrong).__name__}: {wrong}")


def is_wall(answer: Answer) -> bool:
    """Whether something in front of the app has answered in its stead."""
    if answer.status == 429:
        return True
    if any(answer.header(name) is not None for name in _CHALLENGED_BY):
        return True
    return answer.status in (403, 503) and any(mark in answer.body for mark in _CHALLENGES)
