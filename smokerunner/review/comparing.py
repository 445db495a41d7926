"""Two runs of an app side by side: what changed, and not what differs between any two runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import parse_qsl, urlsplit

from smokerunner.evidence.bundle import Bundle
from smokerunner.model.errors import BadInput
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.pictures.compare import NoPicture, compare
from smokerunner.pictures.reference import Facts
from smokerunner.reports.checks import bad_readings
from smokerunner.reports.wording import diagnoses_of, file_of, number_of, release_of, title_of
from smokerunner.review.approving import instead
from smokerunner.review.change import Changed, CheckChange, Compared, FlowChange, Look, StepChange, Times

SHARE, SECONDS = 0.3, 0.3
"""A time that differs by no more than this part, or by no more than this, says nothing: two runs are never equal."""
_LOOPBACK = re.compile(r"(127(?:\.\d+){3}|localhost|\[::1\])(?::\d+)?")
_MARKS = re.compile(r"\b(?=[0-9a-f-]*\d)[0-9a-f-]{8,}\b|\d+", re.IGNORECASE)


def compare_runs(before: Bundle, after: Bundle, names: tuple[str, ...] = ()) -> Compared:
    """What changed from one bundle to the other, in these flows and checks or in all.

    Raises BadInput when that has no sense.
    """
    first, second = before.run, after.run
    if first.app != second.app:
        raise BadInput(f"the bundles are of two apps, {first.app} and {second.app}")
    flows = {flow.name: flow for flow in first.flows}, {flow.name: flow for flow in second.flows}
    checks = {check.name: check for check in first.checks}, {check.name: check for check in second.checks}
    known = dict.fromkeys((*flows[1], *flows[0]))
    asked = dict.fromkeys((*checks[1], *checks[0]))
    for name in names:
        if name not in known and name not in asked:
            what = "flow or check" if asked else "flow"
            raise BadInput(f"neither run has a {what} called '{name}'{instead(name, known | asked)}")
    facts = Facts.of(first.browser, app=first.app, flow="", step="", run=first.id)
    obstacle = facts.obstacle(second.browser) if first.browser and second.browser else ""
    pair = _Pair(before, after, looks=not obstacle)
    changes = [pair.flow(flows[0].get(name), flows[1].get(name)) for name in known if not names or name in names]
    others = [_check(checks[0].get(name), checks[1].get(name)) for name in asked if not names or name in names]
    notes = [f"pictures are not compared: the first run {obstacle}"] if obstacle else []
    if first.started > second.started:
        notes.append("the first bundle is the newer one")
    notes += [f"{run.id} was interrupted" for run in (first, second) if run.interrupted]
    return Compared(
        app=first.app,
        before=first.id,
        after=second.id,
        verdicts=(first.verdict, second.verdict),
        facts=tuple(_facts(first, second)),
        notes=tuple(notes),
        flows=tuple(sorted((item for item in changes if not item.is_none), key=_badness)),
        unchanged=tuple(item.name for item in changes if item.is_none),
        checks=tuple(sorted((item for item in others if not item.is_none), key=_course)),
        unchanged_checks=tuple(item.name for item in others if item.is_none),
        pictures=pair.compared,
    )


def _check(before: Result | None, after: Result | None) -> CheckChange:
    """How a check changed. What it tells of one that passes may differ every time, and says nothing."""
    there = after or before
    assert there is not None
    bad = [bad_readings(each) if each is not None and each.outcome.is_bad else [] for each in (before, after)]
    still = bool(bad[0]) and bool(bad[1])
    was, now = ({reading.what: str(reading) for reading in readings} for readings in bad)
    return CheckChange(
        name=there.name,
        before=before.outcome if before else None,
        after=after.outcome if after else None,
        message=after.message if after else "",
        found=tuple(said for what, said in now.items() if still and what not in was),
        mended=tuple(said for what, said in was.items() if still and what not in now),
    )


@dataclass
class _Pair:
    before: Bundle
    after: Bundle
    looks: bool
    compared: int = 0

    def flow(self, before: Result | None, after: Result | None) -> FlowChange:
        if before is None or after is None:
            there = before or after
            assert there is not None
            return FlowChange(
                name=there.name,
                before=before.outcome if before else None,
                after=after.outcome if after else None,
                message=after.message if after else "",
            )
        causes = _news(before, after, lambda flow: ((item.id, item.title) for item in diagnoses_of(flow)))
        requests = _news(before, after, _requests)
        console = _news(before, after, _console)
        asked = _hosts(self.before, before), _hosts(self.after, after)
        return FlowChange(
            name=after.name,
            before=before.outcome,
            after=after.outcome,
            times=_times(before, after),
            message=after.message,
            causes=causes[0],
            causes_gone=causes[1],
            steps=tuple(self._steps(before, after)),
            requests=requests[0],
            requests_fixed=requests[1],
            console=console[0],
            console_gone=console[1],
            hosts=tuple(host for host in asked[1] if asked[0] and host not in asked[0]),
            hosts_gone=tuple(host for host in asked[0] if asked[1] and host not in asked[1]),
        )

    def _steps(self, before: Result, after: Result) -> Iterator[StepChange]:
        old, new = _steps_of(before), _steps_of(after)
        keys = [[(step.action, title_of(step)) for _, step in steps] for steps in (old, new)]
        for kind, i1, i2, j1, j2 in SequenceMatcher(a=keys[0], b=keys[1], autojunk=False).get_opcodes():
            if kind == "equal":
                for (_, was), (number, now) in zip(old[i1:i2], new[j1:j2], strict=True):
                    change = StepChange(
                        number=number,
                        title=title_of(now),
                        before=was.outcome,
                        after=now.outcome,
                        times=_times(was, now),
                        look=self._look(was, now),
                    )
                    if change.before is not change.after or change.times or change.look:
                        yield change
                continue
            for number, was in old[i1:i2]:
                yield StepChange(number=number, title=title_of(was), before=was.outcome)
            for number, now in new[j1:j2]:
                yield StepChange(number=number, title=title_of(now), after=now.outcome)

    def _look(self, was: Result, now: Result) -> Look | None:
        paths = [file_of(step.picture) if step.picture else None for step in (was, now)]
        if not self.looks or paths[0] is None or paths[1] is None:
            return None
        pictures = self.before.find(paths[0]), self.after.find(paths[1])
        if pictures[0] is None or pictures[1] is None:
            return None
        self.compared += 1
        try:
            seen = compare(pictures[0], pictures[1], draw=False)
        except NoPicture as wrong:
            return Look(changed=0.0, message=f"one of the two is {wrong}", before=paths[0], after=paths[1])
        if seen.same and not seen.resized:
            return None
        return Look(changed=seen.changed, areas=seen.areas, message=seen.words, before=paths[0], after=paths[1])


def _hosts(bundle: Bundle, flow: Result) -> tuple[str, ...]:
    """The hosts in a flow's network.har, the app's own by that name; nothing when it was not kept."""
    own = urlsplit(bundle.run.base_url).netloc
    found: dict[str, None] = {}
    for artifact in (item for below in flow.walk() for item in below.artifacts if item.kind == "network"):
        path = file_of(artifact)
        data = bundle.find(path) if path is not None else None
        found |= dict.fromkeys(_hosts_in(data) if data is not None else ())
    named = ("the app" if host == own else _LOOPBACK.sub(r"\1", host) for host in found if host)
    return tuple(dict.fromkeys(named))


def _hosts_in(har: bytes) -> list[str]:
    try:
        entries = json.loads(har)["log"]["entries"]
        return [urlsplit(entry["request"]["url"]).netloc for entry in entries]
    except (ValueError, KeyError, TypeError):
        # Not written by us, or damaged, which `verify` tells.
        return []


def _steps_of(flow: Result) -> list[tuple[str, Result]]:
    deciding = flow.deciding
    if deciding is None:
        return []
    return [(number_of(step, deciding), step) for child in deciding.steps for step in _flat(child)]


def _flat(step: Result) -> Iterator[Result]:
    """A step and those inside it. Not `use`, which goes as its steps go, nor how often a `repeat` was needed."""
    inside = [child for child in step.children if child.kind == "step"]
    if step.action != "use" or not inside:
        yield step
    if step.action != "repeat":
        for child in inside:
            yield from _flat(child)


def _times(before: Result, after: Result) -> Times | None:
    """How the time changed, when both came to a good end: a failure takes as long as its time-out."""
    grown = abs(after.seconds - before.seconds)
    if not (before.outcome.is_good and after.outcome.is_good) or grown <= SECONDS:
        return None
    if grown <= SHARE * min(before.seconds, after.seconds):
        return None
    return Times(before=before.seconds, after=after.seconds)


def _news(
    before: Result, after: Result, said: Callable[[Result], Iterable[tuple[object, str]]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What only the second says and what only the first said, each once; the same is what has the same key."""
    was, now = dict(said(before)), dict(said(after))
    return (
        tuple(words for key, words in now.items() if key not in was),
        tuple(words for key, words in was.items() if key not in now),
    )


def _requests(flow: Result) -> Iterator[tuple[object, str]]:
    for step in flow.walk():
        for seen in step.requests:
            url = urlsplit(seen.url)
            said = f"{seen.method} {seen.url}: {seen.status or seen.failure or 'no answer'}"
            names = tuple(name for name, _ in parse_qsl(url.query, keep_blank_values=True))
            yield (seen.method, _pattern(url.netloc + url.path), names, seen.status or seen.failure), said


def _console(flow: Result) -> Iterator[tuple[object, str]]:
    for step in flow.walk():
        yield from ((_pattern(item.text), item.text) for item in step.console if item.level == "error")


def _pattern(text: str) -> str:
    """Text in which numbers and ids, which differ in every run, are all the same."""
    return _MARKS.sub("#", text)


def _facts(before: Run, after: Run) -> Iterator[Changed]:
    for what, was, now in (
        ("environment", before.environment, after.environment),
        ("address", *_addresses(before.base_url, after.base_url)),
        ("release", release_of(before.release), release_of(after.release)),
        ("browser", _browser(before), _browser(after)),
        ("window", before.browser.viewport if before.browser else "", after.browser.viewport if after.browser else ""),
        ("smokerunner", before.tool.smokerunner, after.tool.smokerunner),
        ("playwright", before.tool.playwright, after.tool.playwright),
        ("python", before.tool.python, after.tool.python),
        ("platform", before.tool.platform, after.tool.platform),
    ):
        if was != now:
            yield Changed(what=what, before=was, after=now)
    old, new = ({source.path: source.sha256 for source in run.sources} for run in (before, after))
    for path in dict.fromkeys((*old, *new)):
        if old.get(path) != new.get(path):
            yield Changed(what=f"flow file {path}", before=old.get(path, "")[:12], after=new.get(path, "")[:12])
    for name in dict.fromkeys((*before.options, *after.options)):
        was, now = before.options.get(name, ""), after.options.get(name, "")
        if was != now:
            yield Changed(what=f"option --{name.removeprefix('--')}", before=was, after=now)


def _addresses(before: str, after: str) -> tuple[str, str]:
    """The two as they are, or as one when they differ only in this machine's port, which any start may change."""
    portless = _LOOPBACK.sub(r"\1", before), _LOOPBACK.sub(r"\1", after)
    return portless if portless[0] == portless[1] else (before, after)


def _browser(run: Run) -> str:
    return f"{run.browser.kind} {run.browser.version}" if run.browser else ""


_RANK = (None, Outcome.SKIPPED, Outcome.PASSED, Outcome.WARNED, Outcome.INCONCLUSIVE, Outcome.ERROR, Outcome.FAILED)


def _course(change: CheckChange) -> tuple[int, int]:
    """What got worse first, the worst before the others; what got better last."""
    was, now = _RANK.index(change.before), _RANK.index(change.after)
    return 0 if now > was else 1 if now == was else 2, -now


def _badness(change: FlowChange) -> tuple[int, int, int]:
    """What got worse first, the worst before the others; then what is otherwise new or looks otherwise, then what only
    takes longer, then what got better."""
    was, now = _RANK.index(change.before), _RANK.index(change.after)
    worse = now > was and now > _RANK.index(Outcome.PASSED)
    looks = sum(bool(step.look) for step in change.steps)
    news = bool(change.requests or change.console or change.causes or looks)
    slower = change.times is not None and _slower(change.times)
    place = 0 if worse else 1 if news else 2 if slower else 3 if now >= was else 4
    return place, -now, -looks


def _slower(times: Times) -> bool:
    return times.after > times.before
