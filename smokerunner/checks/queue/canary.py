"""`queue.canary`: a job of ours is done in time, by the release that is served."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from smokerunner.checks.api.call import require_harmless
from smokerunner.checks.api.judging import document, judged
from smokerunner.checks.laravel.artisan import last_words, require_server
from smokerunner.model.check import Answer, Check, CheckContext, Finding
from smokerunner.model.duration import Seconds, spell
from smokerunner.model.errors import Failure, Inconclusive
from smokerunner.model.frozen import complaint
from smokerunner.model.matcher import join
from smokerunner.model.severity import Effects, Severity
from smokerunner.model.template import Template

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 2.0
TOKEN = "{token}"
"""Stands in a command for the mark of this one job."""
_HINT = "see docs/checks/queue.md for what the app must answer"
_DONE = "queue.canary, the job that was done"


@dataclass(frozen=True)
class DoneJob:
    """A job of the canary's that was done: by which release, if it tells, and by which it was to be."""

    release: str | None
    wanted: str | None


async def done_job(ctx: CheckContext) -> DoneJob | None:
    """What the canary of this run saw; None when it is not in the run, has not ended yet, or saw no job done."""

    async def nothing() -> None:
        return None

    found: DoneJob | None = await ctx.once(_DONE, nothing)
    return found


def is_release(seen: str, wanted: str) -> bool:
    """Whether two names mean one release; a short commit id is the beginning of the long one."""
    return seen == wanted or (min(len(seen), len(wanted)) >= 7 and seen.startswith(wanted[: len(seen)]))


class Canary(Check):
    """Gives the app a job with a token of its own, and asks until it is done."""

    id: ClassVar[str] = "queue.canary"
    asks: ClassVar[str] = "Is a job that is queued now done soon, by the release that is served?"
    passes: ClassVar[str] = "the job is done within `within`, and names the release that did it"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "laravel/framework#14138: workers that keep running old code"
    effects: ClassVar[Effects] = Effects.TEST_DATA
    default_timeout: ClassVar[float] = 120.0

    path: Template | None = Field(
        default=None, description="POST with {token} queues the job, GET ?token= tells {done, release}."
    )
    headers: dict[str, Template] = Field(default={}, description="Headers to send, such as a token.")
    queue: tuple[Template, ...] = Field(
        default=(), description="A command on the server that queues the job; {token} marks it."
    )
    ask: tuple[Template, ...] = Field(default=(), description="The command that prints {done, release} as JSON.")
    within: Seconds = Field(default=30.0, description="How soon the job must be done.")
    release: Template | None = Field(default=None, description="The release that must do it; by default --release.")
    effects_: Effects | None = Field(
        default=None, alias="effects", description="`none`: the job changes nothing, and may be queued on production."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        commands = bool(self.queue), bool(self.ask)
        if (self.path is None) is not any(commands) or (any(commands) and not all(commands)):
            raise ValueError("a canary needs a path, or the commands queue and ask")
        if self.path is None and not all(any(TOKEN in word for word in words) for words in (self.queue, self.ask)):
            raise ValueError(f"{TOKEN} must stand in both commands, so that this one job is meant")
        if self.within >= (self.timeout or self.default_timeout):
            raise complaint("the check itself is given up before that; give it a longer timeout as well", "within")
        return self

    async def run(self, ctx: CheckContext) -> Finding:
        """Queue, then ask until the job is done or the time is up."""
        token = secrets.token_hex(16)
        over_http = self.path is not None
        require_harmless(ctx, "POST" if over_http else "RUN", str(self.path or self.queue[0]), self.effects_)
        look = self._by_http(ctx, token) if over_http else self._by_command(ctx, token)
        await self._require_undone(look)
        begin = ctx.clock.monotonic()
        if over_http:
            await self._post(ctx, token)
        else:
            ran = await require_server(ctx).run(_filled(self.queue, token))
            if ran.code != 0:
                raise Inconclusive(f"`{self.queue[0]}` did not queue the job: {last_words(ran)}")
        told = await self._wait(ctx, look, begin)
        took = ctx.clock.monotonic() - begin
        readings = [judged("the job", f"done after {spell(took)}", f"done within {spell(self.within)}", good=True)]
        ran_by = told.get("release")
        job = DoneJob(
            release=ran_by if isinstance(ran_by, str) and ran_by else None,
            wanted=str(self.release) if self.release is not None else ctx.expected_release,
        )

        async def seen() -> DoneJob:
            return job

        await ctx.once(_DONE, seen)
        return self._by_whom(job, readings)

    async def _require_undone(self, look: Callable[[], Awaitable[Any]]) -> None:
        """Ask before there is a job: an app that calls everything done proves nothing."""
        try:
            told = await look()
        except Inconclusive:
            # Of a job that it never heard of, an app may well say nothing.
            return
        if isinstance(told, dict) and told.get("done") is True:
            raise Inconclusive(f"the canary calls a job done that was never queued; {_HINT}")

    async def _wait(self, ctx: CheckContext, look: Callable[[], Awaitable[Any]], begin: float) -> dict[str, Any]:
        pause = _FIRST_PAUSE
        while True:
            told = await look()
            if not isinstance(told, dict) or not isinstance(told.get("done"), bool):
                raise Inconclusive(f"the canary does not say whether the job is done; {_HINT}")
            if told["done"]:
                return told
            left = begin + self.within - ctx.clock.monotonic()
            if left <= 0:
                raise Failure(
                    f"the job was not done within {spell(self.within)}: no worker takes from this queue, or it has "
                    "too much to do; queue.oldest and queue.horizon tell which"
                )
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _by_whom(self, job: DoneJob, readings: list[Any]) -> Finding:
        if job.release is None:
            return Finding.of(readings, weak="the job does not tell which release did it")
        if job.wanted is None:
            return Finding.of(readings, weak=f"done by release {job.release}; say with --release which it should be")
        same = is_release(job.release, job.wanted)
        old = f"{job.release}: workers run the old code; `php artisan queue:restart` ends them"
        readings.append(judged("the release that did it", job.release if same else old, job.wanted, good=same))
        return Finding.of(readings, severity=None if same else Severity.HIGH)

    async def _post(self, ctx: CheckContext, token: str) -> None:
        assert self.path is not None
        url = join(ctx.base_url, self.path)
        headers = {"accept": "application/json", "content-type": "application/json", **self.headers}
        answer = await ctx.web.ask(url, method="POST", headers=headers, body=json.dumps({"token": token}).encode())
        _require(answer, range(200, 300))

    def _by_http(self, ctx: CheckContext, token: str) -> Callable[[], Awaitable[Any]]:
        async def look() -> Any:
            assert self.path is not None
            url = join(ctx.base_url, f"{self.path}{'&' if '?' in self.path else '?'}token={token}")
            answer = await ctx.web.ask(url, headers={"accept": "application/json", **self.headers}, fresh=True)
            _require(answer, range(200, 300))
            try:
                return document(answer)
            except ValueError as wrong:
                raise Inconclusive(f"GET {url}: {wrong}; {_HINT}") from wrong

        return look

    def _by_command(self, ctx: CheckContext, token: str) -> Callable[[], Awaitable[Any]]:
        async def look() -> Any:
            ran = await require_server(ctx).run(_filled(self.ask, token))
            try:
                return json.loads(ran.out)
            except ValueError as wrong:
                raise Inconclusive(f"`{self.ask[0]}` printed no JSON: {last_words(ran)}; {_HINT}") from wrong

        return look


def _filled(words: tuple[Template, ...], token: str) -> list[str]:
    return [word.replace(TOKEN, token) for word in words]


def _require(answer: Answer, statuses: range) -> None:
    if answer.status == 419:
        raise Inconclusive(f"{answer.method} {answer.url}: 419, it is behind CSRF; put the route among the API's")
    if answer.status not in statuses:
        raise Inconclusive(f"{answer.method} {answer.url}: {answer}; {_HINT}")
