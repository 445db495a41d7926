"""What an answer to a path says: it is exposed, it is not, or nobody can tell."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from smokerunner.checks.exposure.ground import Ground, is_challenge
from smokerunner.checks.exposure.likeness import alike
from smokerunner.checks.exposure.signature import Signature, head, is_page, size
from smokerunner.model.check import Answer, Finding, Refused, Silence
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_MOST_HOPS = 3
_GATEWAY = (502, 503, 504)


@dataclass(frozen=True)
class Probe:
    """A path that must not be there, and how one would know that it is."""

    path: str
    signatures: tuple[Signature, ...] = ()
    there: bool = False
    """Whether it is bad enough that it is there at all, whatever it says: PHP files answer with an empty page."""
    short: bool = False
    """Whether a few bytes are enough, as of dumps."""
    only: tuple[int, ...] = ()
    """The only statuses that pass; empty: all that are not the thing."""
    severity: Severity | None = None
    """What it means when it is there, if not what the check means."""


@dataclass(frozen=True)
class Judged:
    """One reading and, if bad, what it means."""

    reading: Reading
    severity: Severity | None = None


def conclude(judged: Sequence[Judged], *, means: Severity, advice: str = "", weak: str = "") -> Finding:
    """All readings together; the gravest of the failed ones says what it means."""
    finding = Finding.of((one.reading for one in judged), weak=weak)
    if finding.outcome is not Outcome.FAILED:
        return finding
    order = list(Severity)
    failed = [one.severity or means for one in judged if one.reading.outcome is Outcome.FAILED]
    # Where nothing was recognised, nobody must be sent to change their keys.
    seen = any(one.reading.outcome is Outcome.FAILED and not one.reading.seen.endswith(_UNPROVEN) for one in judged)
    message = f"{finding.message}. {advice if seen else _ANSWER}" if advice else finding.message
    return replace(finding, message=message, severity=min(failed, key=order.index))


async def judge_all(ground: Ground, probes: Iterable[Probe], bases: Sequence[str]) -> list[Judged]:
    """Ask every path below every base."""
    return list(await asyncio.gather(*(judge(ground, base, probe) for probe in probes for base in bases)))


async def judge(ground: Ground, base: str, probe: Probe, *, address: str | None = None, main: bool = True) -> Judged:
    """Ask one path and say what its answer means. `address`: the IP address that is asked.

    Not `main` is one of several places: where nothing listens, there is nothing to reach.
    """
    url = base + probe.path
    what = f"GET {url}" + (f" at {address}" if address else "")
    how = {"address": address} if address else {}
    try:
        answer = await ground.ask(url, short=probe.short, **how)
        for _ in range(_MOST_HOPS):
            if not ground.goes_on(answer):
                break
            answer = await ground.ask(answer.location, short=probe.short)
    except (Silence, Refused) as silence:
        return Judged(unheard(what, silence, wanted=_wanted(probe), main=main))
    outcome, seen, severity = await _verdict(ground, probe, answer)
    if answer.url != url:
        seen = f"{seen}, at {answer.url}"
    wanted = "" if outcome is Outcome.PASSED else _wanted(probe)
    return Judged(Reading(what=what, outcome=outcome, seen=seen, wanted=wanted), severity)


def unheard(what: str, silence: Silence | Refused, *, wanted: str = "", main: bool = True) -> Reading:
    """A reading of something that gave no answer."""
    outcome = Outcome.INCONCLUSIVE
    if not main and isinstance(silence, Silence):
        outcome = Outcome.PASSED if silence.kind == "refused" else Outcome.WARNED
    wanted = "" if outcome is Outcome.PASSED else wanted
    return Reading(what=what, outcome=outcome, seen=str(silence), wanted=wanted)


_UNPROVEN = ": not proven unreachable"
_ANSWER = "Nothing of it was seen; answer 404 or 403 for this path, so that it can be told from a file"
_Verdict = tuple[Outcome, str, Severity | None]


async def _verdict(ground: Ground, probe: Probe, answer: Answer) -> _Verdict:
    if is_challenge(answer):
        return Outcome.INCONCLUSIVE, f"{answer}: a wall answered in the app's stead", None
    if answer.status in (200, 206):
        proof, severity = await _proof(ground, probe, answer)
        if proof:
            return Outcome.FAILED, f"{head(answer)}, {proof}", severity
    if await ground.refuses_all(answer):
        said = f"{answer.status}, as to everything here, the home page too: let smokerunner pass, or wait"
        return Outcome.INCONCLUSIVE, said, None
    control = await ground.control(answer.url) if answer.status < 400 or answer.status >= 500 else None
    if answer.location and not ground.is_ours(answer.location) and control is not None and alike(answer, control):
        said = f"{answer}, as for everything here: name that host under `hosts:`"
        return Outcome.INCONCLUSIVE, said, None
    if probe.only:
        return _strictly(probe, answer, control)
    if answer.status in (200, 206):
        return _shown(probe, answer, control)
    if answer.location:
        return _led_away(ground, answer, control)
    if answer.status >= 500:
        return _broken(probe, answer, control)
    return Outcome.PASSED, str(answer), None


async def _proof(ground: Ground, probe: Probe, answer: Answer) -> tuple[str, Severity | None]:
    """What was recognised here and not in the answer to a path that nobody made, and what it means."""
    for signature in probe.signatures:
        proof = signature.proof(answer)
        if proof:
            control = await ground.control(answer.url)
            if control is None or control.status not in (200, 206) or not signature.proof(control):
                return proof, signature.severity or probe.severity
    return "", None


def _strictly(probe: Probe, answer: Answer, control: Answer | None) -> _Verdict:
    """Only certain statuses prove that it cannot be reached."""
    if answer.status in probe.only:
        return Outcome.PASSED, str(answer), None
    same = control is not None and alike(answer, control)
    said = f"{answer}{', as for any path' if same else ''}{_UNPROVEN}"
    return Outcome.FAILED, said, Severity.MEDIUM


def _shown(probe: Probe, answer: Answer, control: Answer | None) -> _Verdict:
    """Something is there that was not recognised."""
    said = f"{head(answer)}, {size(answer)}"
    if control is None:
        return Outcome.INCONCLUSIVE, f"{said}; a random path beside it got no answer to compare", None
    if alike(answer, control):
        return Outcome.PASSED, f"{said}, as for any path", None
    if control.status not in (200, 206) and probe.there:
        return Outcome.FAILED, f"{said}: it is there (a random path beside it: {control.status})", probe.severity
    if is_page(answer) or answer.status == 204:
        return Outcome.PASSED, f"{said}, a page that is something else", None
    if control.status in (200, 206):
        return Outcome.PASSED, f"{said}, without its signature", None
    return Outcome.WARNED, f"{said}: a file that was not recognised; look at it", None


def _led_away(ground: Ground, answer: Answer, control: Answer | None) -> _Verdict:
    """A redirect to another page; that of another site is reported and not followed."""
    if ground.is_ours(answer.location) or (control is not None and alike(answer, control)):
        return Outcome.PASSED, str(answer), None
    return Outcome.WARNED, f"{answer}, another site, which was not asked; look whether the thing is there", None


def _broken(probe: Probe, answer: Answer, control: Answer | None) -> _Verdict:
    """A server's error: a PHP file that is there and run out of its place gives one too."""
    if probe.there and answer.status not in _GATEWAY and control is not None and control.status < 500:
        said = f"{answer}: it is there and was run (a random path beside it: {control.status})"
        return Outcome.FAILED, said, probe.severity
    return Outcome.INCONCLUSIVE, f"{answer}: the app broke", None


def _wanted(probe: Probe) -> str:
    """What would have been right."""
    if probe.only:
        return " or ".join(map(str, probe.only))
    return "a refusal" if probe.there else "404, 403 or nothing of the kind"
