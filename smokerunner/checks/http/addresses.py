"""`http.addresses`: all addresses of the host answer alike."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import Field

from smokerunner.checks.http.nodes import has_way, host_of
from smokerunner.checks.http.page import read_page
from smokerunner.model.check import Answer, Check, CheckContext, Finding, Silence
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity


class Addresses(Check):
    """Asks each A and AAAA address for the same page."""

    id: ClassVar[str] = "http.addresses"
    asks: ClassVar[str] = "Do all addresses of the host answer alike, or do some visitors get something else?"
    passes: ClassVar[str] = "the same status from each IPv4 and IPv6 address, below 400, and the same scripts"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "Gatus"

    path: str = Field(default="/", description="The page that is asked for.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask each address on a connection of its own."""
        targets = [address for address, _ in await ctx.web.targets(ctx.base_url)]
        if len(targets) < 2:
            answer = await ctx.web.ask(self.path)
            # Whether that is good is for http.home-up to say; with nothing to compare, only a page counts.
            outcome = Outcome.PASSED if answer.status < 400 else Outcome.INCONCLUSIVE
            what = f"{host_of(ctx)} at {answer.address}"
            reading = Reading(what=what, outcome=outcome, seen=str(answer), wanted="an answer below 400 to compare")
            return Finding.of([reading], weak="the host has one address only")
        answers: dict[str, Answer] = {}
        readings = []
        for address in targets:
            what = f"{host_of(ctx)} at {address}"
            if not has_way(address):
                said = "this machine has no way there"
                readings.append(Reading(what=what, outcome=Outcome.SKIPPED, seen=said))
                continue
            try:
                answers[address] = await ctx.web.ask(self.path, address=address, fresh=True)
            except Silence as silence:
                readings.append(Reading(what=what, outcome=Outcome.FAILED, seen=str(silence), wanted="an answer"))
        if not answers:
            return Finding.of([one.model_copy(update={"outcome": Outcome.INCONCLUSIVE}) for one in readings])
        usual = _usual(answers)
        for address, answer in answers.items():
            readings.append(_judge(f"{host_of(ctx)} at {address}", answer, usual))
        left_out = [reading.what for reading in readings if reading.outcome is Outcome.SKIPPED]
        return Finding.of(readings, weak=f"not asked, as there is no way: {', '.join(left_out)}" if left_out else "")


def _usual(answers: dict[str, Answer]) -> Answer:
    """What most addresses answer; the first of those that are as many."""
    statuses = [answer.status for answer in answers.values()]
    most = max(statuses, key=lambda status: (statuses.count(status), -statuses.index(status)))
    return next(answer for answer in answers.values() if answer.status == most)


def _judge(what: str, answer: Answer, usual: Answer) -> Reading:
    if answer.status != usual.status or answer.status >= 500:
        wanted = f"{usual.status}, as from {usual.address}" if usual.status < 500 else "an answer below 500"
        return Reading(what=what, outcome=Outcome.FAILED, seen=str(answer), wanted=wanted)
    if answer.status >= 400:
        return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=str(answer), wanted="a page of the app")
    if _files(answer) != _files(usual):
        seen = f"{answer}, with other scripts or styles than from {usual.address}"
        return Reading(what=what, outcome=Outcome.WARNED, seen=seen, wanted="the same release everywhere")
    return Reading(what=what, outcome=Outcome.PASSED, seen=str(answer))


def _files(answer: Answer) -> frozenset[str]:
    """The app's own scripts and styles; their names change with the release."""
    host = urlsplit(answer.url).hostname
    loads = read_page(answer.text, answer.url).loads if answer.content_type == "text/html" else ()
    return frozenset(
        urlsplit(one.url).path
        for one in loads
        if one.kind in ("script", "stylesheet") and urlsplit(one.url).hostname == host
    )
