"""The checks of a run: side by side, each with a result of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from smokerunner import __version__
from smokerunner.browser.outfit import Outfit, origin_of
from smokerunner.browser.visit import visit
from smokerunner.model.check import Asked, CheckContext, Finding, Silence, Visit
from smokerunner.model.checking import Checks
from smokerunner.model.errors import Inconclusive
from smokerunner.model.event import CheckEnded, ChecksStarted
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, Result
from smokerunner.model.severity import Severity
from smokerunner.replay.access import Access
from smokerunner.replay.attempt import Verdict, attempt
from smokerunner.replay.scope import Scope
from smokerunner.replay.server import CommandServer
from smokerunner.replay.stop import Stopped
from smokerunner.replay.world import World
from smokerunner.web.client import PORTS, Client, Counted, Shown

_AT_ONCE = 8
"""Checks under way at the same time; how fast the app is asked is another's business."""


class Checking:
    """All that the checks of one run share."""

    def __init__(self, world: World, settings: Checks, access: Access) -> None:
        self._world = world
        self._settings = settings
        self._access = access
        self._origins = origins_of(world.base_url, settings.hosts)
        self._made: dict[str, asyncio.Future[Any]] = {}
        self._client = Client(
            base_url=world.base_url,
            origins=self._origins,
            resolve=world.environment.resolve,
            per_second=settings.limits.per_second,
            at_once=settings.limits.at_once,
            agent=f"smokerunner/{__version__} (+{world.run_id})",
            show=self._shown,
            resolvers=settings.resolvers,
        )
        self._scope = Scope(
            layers=(world.file.variables, world.environment.variables, world.options.variables),
            secrets=world.secrets,
            run_id=world.run_id,
        )

    async def results(self, asked: Sequence[Asked]) -> list[Result]:
        """Ask everything; the results in the order of `asked`."""
        self._world.say(ChecksStarted, checks=tuple(one.id for one in asked))
        slots = asyncio.Semaphore(_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = {one.id: group.create_task(self._in_turn(slots, one)) for one in asked if not one.check.alone}
            results = {id_: task.result() for id_, task in tasks.items()}
            for one in asked:
                if one.check.alone:
                    results[one.id] = await self._result(one)
        finally:
            for future in self._made.values():
                future.cancel()
            await asyncio.gather(*self._made.values(), return_exceptions=True)
            await self._client.close()
        return [results[one.id] for one in asked]

    async def _in_turn(self, slots: asyncio.Semaphore, asked: Asked) -> Result:
        async with slots:
            return await self._result(asked)

    async def _result(self, asked: Asked) -> Result:
        world = self._world
        started, begun = world.clock.now(), world.clock.monotonic()
        web = self._client.counted()
        kept: list[Artifact] = []
        context = self._context(asked, web, kept)
        try:
            verdict = await attempt(world.stop.unless(self._ask(asked, context)))
        except Stopped as stop:
            verdict = Verdict(Outcome.SKIPPED, str(stop))
        finding = verdict.value if isinstance(verdict.value, Finding) else Finding(verdict.outcome, verdict.message)
        severity = asked.check.severity or finding.severity or asked.check.means
        if finding.outcome is Outcome.FAILED and self._only_warns(asked, severity):
            finding = replace(
                finding, outcome=Outcome.WARNED, warnings=(finding.message, *finding.warnings), message=""
            )
        scrub = world.secrets.scrub
        if verdict.traceback:
            kept += world.keep_traceback(f"checks/{asked.id}/traceback.txt", verdict.traceback)
        result = Result(
            id=f"checks/{asked.id}",
            kind="check",
            name=asked.id,
            title=asked.check.asks,
            outcome=finding.outcome,
            message=scrub(finding.message),
            warnings=tuple(map(scrub, finding.warnings)),
            started=started,
            seconds=round(world.clock.monotonic() - begun, 4),
            severity=severity,
            tags=asked.check.tags,
            source=asked.source,
            criterion=asked.check.passes,
            readings=tuple(
                reading.model_copy(update={name: scrub(getattr(reading, name)) for name in ("what", "seen", "wanted")})
                for reading in finding.readings
            ),
            weak=finding.weak,
            sent=web.sent,
            artifacts=tuple(kept),
        )
        world.say(CheckEnded, check=asked.id, result=result)
        return result

    def _only_warns(self, asked: Asked, severity: Severity) -> bool:
        """Whether a failure of this severity is no reason to roll back here."""
        least = self._settings.warn_below
        order = list(Severity)
        return asked.check.on_failure == "warn" or (least is not None and order.index(severity) > order.index(least))

    async def _ask(self, asked: Asked, context: CheckContext) -> Finding:
        """One check with its settings filled in, and not for ever."""
        limit = asked.check.timeout or asked.check.default_timeout
        check = self._scope.render(asked.check)
        try:
            async with asyncio.timeout(limit) as deadline:
                return await check.run(context)
        except TimeoutError as late:
            if not deadline.expired():
                raise
            raise Inconclusive(f"the check did not come to an end within {limit:g} s") from late

    def _context(self, asked: Asked, web: Counted, kept: list[Artifact]) -> CheckContext:
        world, settings = self._world, self._settings

        def keep(name: str, data: bytes) -> str:
            kept.append(world.keep("text", f"checks/{asked.id}/{name}", data, name))
            return kept[-1].path

        return CheckContext(
            base_url=world.base_url,
            origins=self._origins,
            production=world.environment.production,
            read_only=world.environment.read_only,
            web=web,
            server=CommandServer(self._scope.render(settings.server)) if settings.server is not None else None,
            secrets=world.secrets,
            clock=world.clock,
            run_id=world.run_id,
            expected_release=world.options.release,
            resolvers=settings.resolvers,
            mailbox=world.post.open,
            visit=self._visit,
            once=self._once,
            keep=keep,
        )

    async def _once(self, key: str, make: Callable[[], Awaitable[Any]]) -> Any:
        if key not in self._made:
            self._made[key] = asyncio.ensure_future(make())
        # Whoever waits may be given up; the others still want it.
        return await asyncio.shield(self._made[key])

    async def _visit(self, url: str) -> Visit:
        url = url if "://" in url else self._world.base_url + url
        return await self._once(f"visit {url}", lambda: self._visit_now(url))  # type: ignore[no-any-return]

    async def _visit_now(self, url: str) -> Visit:
        engine = self._world.engine
        browser = await engine.browser()
        if engine.gate is not None:
            # A first visit only reads, and the limits of flows that have ended say nothing about it.
            await engine.gate.rest()
        options = Outfit(self._access.browsing).options(self._world.base_url)
        trusts = self._world.environment.insecure_tls or await self._is_vouched_for(url)
        return await visit(browser, url, {**options, "ignore_https_errors": trusts})

    async def _is_vouched_for(self, url: str) -> bool:
        """Whether authorities that Chromium knows nothing of, those of SSL_CERT_FILE, vouch for this host."""
        if not url.startswith("https:") or not {"SSL_CERT_FILE", "SSL_CERT_DIR"} & os.environ.keys():
            return False
        try:
            await self._client.counted().ask(url)
        except Silence:
            return False
        return True

    def _shown(self, url: str) -> Shown:
        return Shown(
            headers=self._access.headers(url),
            login=self._access.login(url),
            trust=self._access.trust(url, insecure=self._world.environment.insecure_tls),
        )


def origins_of(base_url: str, hosts: Sequence[str]) -> tuple[str, ...]:
    """base_url's origin first, then those of its other scheme and of `hosts`, as far as their ports are known."""
    own = urlsplit(base_url)
    found = [origin_of(base_url)]
    for host in (own.netloc.rpartition("@")[2], *hosts):
        name, _, port = host.partition(":")
        if own.port is not None and not port and host != own.netloc.rpartition("@")[2]:
            host = f"{name}:{own.port}"
        found.append(f"{own.scheme}://{host}")
        if urlsplit(f"//{host}").port in (None, *PORTS.values()):
            found += [f"{scheme}://{name}" for scheme in PORTS]
    return tuple(dict.fromkeys(found))
