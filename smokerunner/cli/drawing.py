"""How a run looks: live on a terminal, a line a flow elsewhere, JSON for programs, or only the verdict."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from smokerunner.model.duration import spell
from smokerunner.model.event import (
    CheckEnded,
    ChecksStarted,
    Event,
    FlowEnded,
    FlowStarted,
    ProbeEnded,
    Profiled,
    RunEnded,
    RunStarted,
    StepEnded,
    StepStarted,
)
from smokerunner.model.number import counted
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Repeated
from smokerunner.reports.wording import harmless, repeats

if TYPE_CHECKING:
    from rich.table import Table

SIGNS = {
    Outcome.PASSED: ("✓", "green"),
    Outcome.WARNED: ("!", "yellow"),
    Outcome.INCONCLUSIVE: ("?", "magenta"),
    Outcome.ERROR: ("E", "magenta"),
    Outcome.FAILED: ("✗", "red"),
    Outcome.SKIPPED: ("-", "bright_black"),
}


class Artist:
    """Sees every event of a run. The base draws nothing."""

    def see(self, event: Event) -> None:
        """React to an event: `RunStarted` calls `run_started`, and so on."""
        for kind, react in self.reactions().items():
            if isinstance(event, kind):
                react(event)

    def reactions(self) -> dict[type[Event], Callable[..., None]]:
        """What is done for which event."""
        return {}

    def note(self, text: str) -> None:
        """A word beside the run's own events."""
        click.echo(text, err=True)

    def __enter__(self) -> Self:
        """Begin to draw."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the terminal back."""


class Lines(Artist):
    """A line a flow, in the order they end; with `quiet` only what is not passed, and the verdict."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._width = 8
        self._has_mends = False
        self._checks: list[Result] = []

    def reactions(self) -> dict[type[Event], Callable[..., None]]:
        """The events that are lines."""
        return {
            RunStarted: self.run_started,
            FlowEnded: self.flow_ended,
            ChecksStarted: self.checks_started,
            CheckEnded: self.check_ended,
            ProbeEnded: self.probe_ended,
            Profiled: self.profiled,
            RunEnded: self.run_ended,
        }

    def run_started(self, event: RunStarted) -> None:
        """Which app, where, how many flows."""
        self._width = max((len(name) for name in event.flows), default=8)
        if self._quiet:
            return
        self.line(click.style(f"{event.app} on {event.environment}", bold=True) + f" · {event.base_url}")
        also = f", {len(event.prerequisites)} of them as prerequisite" if event.prerequisites else ""
        if event.flows:
            at_once = f", up to {event.workers} at a time" if min(event.workers, len(event.flows)) > 1 else ""
            self.line(f"{counted(len(event.flows), 'flow')}{also}{at_once}")
        for note in event.notes:
            self.line(click.style(f"note: {note}", dim=True))

    def flow_ended(self, event: FlowEnded) -> None:
        """What became of a flow, and why."""
        for text in flow_lines(event.result, self._width, quiet=self._quiet):
            self.line(text)
        self._has_mends = self._has_mends or any(step.mend is not None for step in event.result.walk())

    def checks_started(self, event: ChecksStarted) -> None:
        """How many checks."""
        if not self._quiet:
            self.line(counted(len(event.checks), "check"))

    def check_ended(self, event: CheckEnded) -> None:
        """Kept until all have ended: what belongs together is read together."""
        self._checks.append(event.result)

    def probe_ended(self, event: ProbeEnded) -> None:
        """What is wrong with the run as a whole: it may be the only thing there is to say."""
        result = event.result
        if result.outcome is Outcome.PASSED:
            return
        sign, colour = SIGNS[result.outcome]
        self.line(click.style(f"  {sign} {result.title}", fg=colour) + f"  {result.outcome}")
        for text in _reason(result):
            self.line(text)

    def profiled(self, event: Profiled) -> None:
        """Where the time went; whoever asks for that wants it of a quiet run too."""
        from smokerunner.cli.spending import spending_lines

        for text in spending_lines(event):
            self.line(text)

    def run_ended(self, event: RunEnded) -> None:
        """The checks by family, the verdict, and where the evidence lies."""
        if self._checks:
            # Only runs with checks need it, and it needs the signs of this file.
            from smokerunner.cli.checking import table

            told = [one for one in self._checks if not self._quiet or one.outcome is not Outcome.PASSED]
            for text in table(told, everything=False):
                self.line(text)
        for text in verdict_lines(event):
            self.line(text)
        if self._has_mends and event.archive:
            self.line(f"mend     smokerunner mend {event.archive}")

    def line(self, text: str) -> None:
        """Print one line; what an app says in it is no command to a pipeline that reads along."""
        click.echo(harmless(text))


def flow_lines(result: Result, width: int, *, quiet: bool) -> list[str]:
    """A flow in one line, with a line below for each thing that must be known."""
    if quiet and result.outcome is Outcome.PASSED:
        return []
    sign, colour = SIGNS[result.outcome]
    steps = len([step for step in result.steps if step.outcome is not Outcome.SKIPPED])
    head = click.style(f"  {sign} {result.name:<{width}}", fg=colour)
    took = f"  {result.outcome:<12}  {steps:>2} step{' ' if steps == 1 else 's'}  {spell(result.seconds):>8}"
    tail = took if result.outcome is not Outcome.SKIPPED else f"  {result.outcome:<12}"
    also = "  prerequisite" if result.prerequisite else ""
    lines = [head + click.style(tail + also, dim=result.outcome is Outcome.SKIPPED)]
    lines += _reason(result)
    if result.message:
        lines += [click.style(f"      {text}", dim=True) for text in _where(result)]
    if result.outcome is Outcome.WARNED:
        lines += [click.style(f"      {text}", fg="yellow") for note in result.warnings for text in _wrapped(note)]
    return lines


def _reason(result: Result) -> list[str]:
    """The likeliest cause of what is not good, and the message; once, when both say the same."""
    said = _wrapped(result.message) if result.message else []
    title = result.diagnoses[0].title if result.outcome.is_bad and result.diagnoses else ""
    if not title:
        return [f"      {text}" for text in said]
    if repeats(result.message, title):
        return [_why(title)]
    if repeats(title, result.message):
        # The message says more: at which step, and what else was seen.
        return [_why(said[0]), *(f"      {text}" for text in said[1:])]
    return [_why(title), *(f"      {text}" for text in said)]


def _why(text: str) -> str:
    return click.style(f"      why  {text}", bold=True)


def _where(flow: Result) -> list[str]:
    """The page and the line of the file at which a flow went wrong; nothing when no step did."""
    wrong = [step for step in flow.walk() if step.kind == "step" and step.outcome.is_bad]
    if not wrong:
        return []
    # The innermost one; the steps around it are bad because of it.
    first = min(wrong, key=lambda step: len(step.children))
    return [" · ".join(filter(None, [first.url, first.source]))] if first.url or first.source else []


def verdict_lines(event: RunEnded) -> list[str]:
    """The verdict, the counts with their zeros, and where to look."""
    colour = {"go": "green", "roll back": "red"}.get(event.verdict, "magenta")
    counts = ", ".join(f"{number} {outcome}" for outcome, number in event.counts.items())
    lines = [
        *(_repeated_lines(event.repeated) if event.repeated else []),
        "",
        click.style(event.verdict.upper(), fg=colour, bold=True) + f" · {counts} · {spell(event.seconds)}",
        *(click.style(f"note: {note}", fg="yellow") for note in event.notes),
        f"report   {event.bundle}/report.html",
        f"bundle   {event.archive}" if event.archive else "bundle   no archive was made; see the notes",
    ]
    if event.archive:
        lines.append(click.style(f"verify   smokerunner verify {event.archive}", dim=True))
    return lines


def _repeated_lines(repeated: Sequence[Repeated]) -> list[str]:
    """How often each flow was good."""
    width = max(len(one.flow) for one in repeated)
    lines = [""]
    for one in repeated:
        colour = "red" if not one.is_good else "bright_black" if one.skipped else "green"
        often = f"{one.good:>{len(str(one.times))}} of {one.times} good"
        also = f", {one.skipped} skipped" if one.skipped else ""
        lines.append(f"  {one.flow:<{width}}  " + click.style(often + also, fg=colour))
    return lines


def _wrapped(text: str) -> list[str]:
    return text.splitlines() or [text]


class JsonLines(Artist):
    """One JSON object a line, `event` first."""

    def see(self, event: Event) -> None:
        """Print the event."""
        body = event.model_dump_json(exclude_defaults=False)
        click.echo(f'{{"event":"{_snake(type(event).__name__)}",{body[1:]}')


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class Live(Lines):
    """A terminal: flows that have ended as lines, and below them those under way with step and elapsed time."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console
        from rich.live import Live as Screen

        self._console = Console(highlight=False)
        self._running: dict[str, tuple[float, str]] = {}
        self._wanted = 0
        self._last_steps: dict[str, str] = {}
        self._screen = Screen(console=self._console, refresh_per_second=8, transient=True, get_renderable=self._table)

    def reactions(self) -> dict[type[Event], Callable[..., None]]:
        """The lines, and what moves."""
        return {**super().reactions(), FlowStarted: self._began, StepStarted: self._stepped, StepEnded: self._kept}

    def _began(self, event: FlowStarted) -> None:
        self._last_steps[event.flow] = f"{event.steps:02d}"
        self._running[event.flow] = (time.monotonic(), "starting" if event.attempt == 1 else f"attempt {event.attempt}")

    def _stepped(self, event: StepStarted) -> None:
        began, _ = self._running.get(event.flow, (time.monotonic(), ""))
        self._running[event.flow] = (began, f"{event.number}  {event.title}")

    def _kept(self, event: StepEnded) -> None:
        began, step = self._running.get(event.flow, (time.monotonic(), ""))
        if event.result.outcome.is_bad:
            self._running[event.flow] = (began, f"{step}  {event.result.outcome}")
        elif event.number == self._last_steps.get(event.flow):
            self._running[event.flow] = (began, "done; cleans up when nobody needs it any more")

    def flow_ended(self, event: FlowEnded) -> None:
        """A line above what still moves."""
        self._running.pop(event.flow, None)
        super().flow_ended(event)

    def checks_started(self, event: ChecksStarted) -> None:
        """How many, above; how far, below."""
        super().checks_started(event)
        self._wanted = len(event.checks)
        self._running["checks"] = (time.monotonic(), f"0 of {self._wanted}")

    def check_ended(self, event: CheckEnded) -> None:
        """One more."""
        super().check_ended(event)
        began, _ = self._running["checks"]
        self._running["checks"] = (began, f"{len(self._checks)} of {self._wanted}, last {event.check}")
        if len(self._checks) == self._wanted:
            del self._running["checks"]

    def line(self, text: str) -> None:
        """Print above the moving part."""
        from rich.text import Text

        self._console.print(Text.from_ansi(text), soft_wrap=True)

    def note(self, text: str) -> None:
        """A word above what moves."""
        self.line(text)

    def _table(self) -> Table:
        from rich.table import Table

        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        now = time.monotonic()
        for flow, (began, step) in self._running.items():
            table.add_row(f"  [cyan]›[/cyan] {flow:<{self._width}}", f"[dim]{now - began:.0f} s[/dim]", step)
        return table

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._screen.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the terminal back."""
        self._screen.stop()


def artist(*, quiet: bool, as_json: bool) -> Artist:
    """The one that fits: JSON when asked for, lines without a terminal, else live."""
    if as_json:
        return JsonLines()
    if quiet or not sys.stdout.isatty():
        return Lines(quiet=quiet)
    return Live()
