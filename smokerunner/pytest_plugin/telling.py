"""What a test says of its flow: an outcome in pytest's terms, and the words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from smokerunner.model.outcome import Outcome, worst
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.pytest_plugin import BUNDLE
from smokerunner.pytest_plugin.replaying import Done
from smokerunner.reports.place import Place
from smokerunner.reports.text import failure
from smokerunner.reports.wording import blamed_step, diagnoses_of, harmless, one_line, others_of

_OURS = {
    Outcome.INCONCLUSIVE: "inconclusive: it cannot be told whether the app is wrong",
    Outcome.ERROR: "error: something is wrong on our side, not with the app",
}


@dataclass(frozen=True)
class Crash:
    """What pytest's short summary shows beside a test."""

    path: str
    lineno: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.lineno}: {self.message}"


@dataclass(frozen=True)
class Fate:
    """What a test says. `brief` is one line, `text` all of it; times are in seconds."""

    outcome: Outcome
    brief: str
    text: str
    crash: Crash
    warnings: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]
    properties: tuple[tuple[str, str], ...]
    seconds: float
    replay_seconds: float

    @property
    def is_ours(self) -> bool:
        """Whether it is the monitor that has a problem, or nobody can tell; that is no failed app."""
        return self.outcome in _OURS

    @property
    def reprcrash(self) -> Crash:
        """Under the name that pytest looks for."""
        return self.crash

    def toterminal(self, tw: Any) -> None:
        """Print it, as pytest asks."""
        tw.line(self.text)

    def __str__(self) -> str:
        return self.text

    def without_replay(self) -> Fate:
        """The same for a test during whose set-up nothing was replayed."""
        return replace(self, replay_seconds=0.0)


class Complaint(Exception):
    """A flow was not good; the fate says how."""

    def __init__(self, fate: Fate) -> None:
        super().__init__(fate.brief)
        self.fate = fate


def fate_of(done: Done, name: str, together: tuple[str, ...], *, root: Path, fail_on_warned: bool = False) -> Fate:
    """What came of the flow `name`. `together` are the flows of this run that have a test of their own.

    A flow that was skipped is only skipped when another test tells why. Else this one does, or nobody would.
    """
    run = done.run
    flow = next(result for result in run.flows if result.name == name)
    told, reason = _to_blame(run, flow, together)
    beside = [result for result in others_of(run) if result.outcome.is_bad and result is not told]
    outcome = worst((told.outcome, *(result.outcome for result in beside)))
    if outcome is Outcome.WARNED and fail_on_warned:
        outcome = Outcome.FAILED
    bundle = _shown(done.bundle, root)
    first = beside[0] if beside and not told.outcome.is_bad else told
    kind = f"{outcome}:" if outcome in _OURS else ""
    brief = one_line(" ".join(part for part in (kind, f"{reason}:" if reason else "", _brief(first)) if part))
    file, line = _place(flow)
    return Fate(
        outcome=outcome,
        brief=harmless(brief),
        text=harmless("\n".join(_lines(run, told, beside, reason, outcome, bundle))),
        crash=Crash(file, line, harmless(brief)),
        warnings=() if outcome is Outcome.FAILED else tuple(_warnings(run, flow)),
        sections=tuple(_sections(told)),
        properties=(
            (BUNDLE, bundle),
            ("smoke_outcome", str(flow.outcome)),
            ("smoke_severity", str(flow.severity or "")),
        ),
        seconds=flow.seconds,
        replay_seconds=done.seconds,
    )


def _to_blame(run: Run, flow: Result, together: tuple[str, ...]) -> tuple[Result, str]:
    """The result that this test tells, and why it is not its flow's own."""
    if flow.outcome is not Outcome.SKIPPED:
        return flow, ""
    roots = [result for result in run.results if result.name == flow.root and result is not flow]
    if roots and roots[0].outcome.is_bad and flow.root not in together:
        return roots[0], flow.message
    if flow.root is not None:
        return flow, ""
    stopper = [result for result in run.flows if result.outcome.is_bad and result.name in together]
    if stopper and "--fail-fast" in flow.message:
        return flow, ""
    # The time was up, or the run was interrupted: nothing is known of the app.
    return flow.model_copy(update={"outcome": Outcome.INCONCLUSIVE, "message": f"not run: {flow.message}"}), ""


def _brief(result: Result) -> str:
    found = diagnoses_of(result)
    if found:
        return found[0].title
    step = blamed_step(result)
    message = (step.message if step is not None else "") or result.message or "; ".join(result.warnings)
    return message.partition("\n")[0]


def _lines(run: Run, told: Result, beside: list[Result], reason: str, outcome: Outcome, bundle: str) -> list[str]:
    lines = [f"{_OURS[outcome]}"] if outcome in _OURS else []
    lines += [f"{reason}:"] if reason else []
    lines += [f"{result.name}: {result.message}" for result in beside]
    if told.outcome.is_bad and told.kind == "flow":
        lines += failure(run, told, Place(folder=bundle))
    elif told.outcome.is_bad:
        lines.append(f"{told.name}: {told.message}")
    elif told.outcome is Outcome.WARNED:
        lines += [f"warned: {warning}" for warning in (told.message, *told.warnings) if warning]
    return [*lines, f"evidence      {bundle}"]


def _warnings(run: Run, flow: Result) -> list[str]:
    said = [f"{flow.name}: {one_line(warning)}" for warning in (flow.message, *flow.warnings) if warning]
    notices = [result for result in others_of(run) if result.outcome is Outcome.WARNED]
    return [*(said if flow.outcome is Outcome.WARNED else []), *(f"{item.name}: {item.message}" for item in notices)]


def _sections(result: Result) -> list[tuple[str, str]]:
    console = [message for below in result.walk() for message in below.console]
    lines = [f"{message.level}: {one_line(message.text)}" for message in console]
    return [("browser console", harmless("\n".join(lines)))] if lines else []


def _place(flow: Result) -> tuple[str, int]:
    source = next((step.source for step in flow.walk() if step.source), "")
    path, _, line = source.rpartition(":")
    return (path, int(line)) if path and line.isdecimal() else (flow.name, 0)


def _shown(bundle: Path, root: Path) -> str:
    path = bundle.resolve()
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
