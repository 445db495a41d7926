"""How checks look in a terminal: what they ask, and a table of what they found."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Iterable, Sequence

import click

from smokerunner.cli.drawing import SIGNS, Artist
from smokerunner.model.event import CheckEnded, Event, ProbeEnded
from smokerunner.model.family import FAMILIES, family_of, title_of
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.reports.checks import gist_of
from smokerunner.reports.wording import harmless

_MOST_COLUMNS = 110
_INDENT = "      "
_BRIEF = (Outcome.PASSED, Outcome.SKIPPED, Outcome.INCONCLUSIVE)
"""What is told by its ids, and once for all that have the same reason."""


def vocabulary() -> str:
    """Every check: its id, what it asks, when it passes, what a failure means, where that comes from, its settings."""
    from smokerunner.checks.catalogue import CHECKS
    from smokerunner.checks.presets import PRESETS, WITH_SERVER
    from smokerunner.model.check import Check

    common = set(Check.model_fields)
    lines: list[str] = []
    for family, ids in _by_family(CHECKS):
        lines += ["", click.style(title_of(family), bold=True)]
        for id_ in ids:
            kind = CHECKS[id_]
            presets = [name for name, members in PRESETS.items() if id_ in members]
            presets += [f"{name} with `server`" for name, members in WITH_SERVER.items() if id_ in members]
            lines += ["", "  " + click.style(id_, bold=True, fg="cyan") + f"  {kind.means}", f"    {kind.asks}"]
            lines.append(f"    passes   {kind.passes}")
            lines += [f"    presets  {', '.join(presets)}"] if presets else []
            lines += [f"    source   {kind.source}"] if kind.source else []
            lines += [
                f"    {field.alias or name}?  {field.description}"
                for name, field in kind.model_fields.items()
                if name not in common and not field.exclude
            ]
    lines += ["", click.style("beside any check", bold=True)]
    lines += [f"    {name}?  {field.description}" for name, field in Check.model_fields.items()]
    return "\n".join(lines[1:])


def as_rows() -> list[dict[str, object]]:
    """The same for programs."""
    from smokerunner.checks.catalogue import CHECKS
    from smokerunner.checks.presets import PRESETS

    return [
        {
            "check": id_,
            "asks": kind.asks,
            "passes": kind.passes,
            "severity": str(kind.means),
            "source": kind.source,
            "presets": [name for name, members in PRESETS.items() if id_ in members],
            "effects": str(kind.effects),
        }
        for id_, kind in CHECKS.items()
    ]


class Progress(Artist):
    """One line on a terminal that says how far it is; what was found is a table afterwards."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self.results: list[Result] = []
        self.probes: list[Result] = []

    def reactions(self) -> dict[type[Event], Callable[..., None]]:
        """The events that matter."""
        return {CheckEnded: self._ended, ProbeEnded: self._probed}

    def _ended(self, event: CheckEnded) -> None:
        self.results.append(event.result)
        if self._shown:
            click.echo(f"\r\x1b[K{len(self.results)} checks, last {event.check}", nl=False, err=True)

    def _probed(self, event: ProbeEnded) -> None:
        self.probes.append(event.result)

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def table(results: Iterable[Result], *, everything: bool) -> list[str]:
    """Results by family, what is wrong first and explained; what passed by its ids alone, or each by itself."""
    width = min(shutil.get_terminal_size((100, 24)).columns, _MOST_COLUMNS)
    lines: list[str] = []
    by_id = {result.name: result for result in results}
    for family, ids in _by_family(by_id):
        lines += ["", click.style(title_of(family), bold=True)]
        found = [by_id[id_] for id_ in ids]
        folded = [] if everything else [one for one in found if one.outcome in _BRIEF]
        for result in sorted(found, key=_attention):
            if result not in folded:
                lines += _rows(result, width)
        for outcome, reason, names in _together(folded):
            lines += _folded(outcome, reason, names, width)
    return [harmless(line) for line in lines[1:]]


def _together(results: Iterable[Result]) -> list[tuple[Outcome, str, list[str]]]:
    """The names of what passed, of what passed on weak evidence, and of what had nothing to ask, by reason."""
    found: dict[tuple[Outcome, str], list[str]] = {}
    for result in sorted(results, key=_attention):
        reason = "on weak evidence" * bool(result.weak) if result.outcome is Outcome.PASSED else result.message
        if result.outcome is Outcome.INCONCLUSIVE:
            # Of one wall in front of everything every check tells in its own words.
            reason = next((said for outcome, said in found if outcome is Outcome.INCONCLUSIVE), reason)
        gist = gist_of(result) if result.outcome is Outcome.PASSED else ""
        found.setdefault((result.outcome, reason), []).append(f"{result.name} ({gist})" if gist else result.name)
    return [(outcome, reason, names) for (outcome, reason), names in found.items()]


def _folded(outcome: Outcome, reason: str, names: Sequence[str], width: int) -> list[str]:
    sign, colour = SIGNS[outcome]
    first, *more = textwrap.wrap(" ".join(names), width - 6, break_on_hyphens=False)
    lines = [click.style(f"  {sign} ", fg=colour) + first, *(f"    {line}" for line in more)]
    said = reason if outcome is Outcome.PASSED else f"{outcome}: {reason}"
    told = textwrap.wrap(said, width, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False)
    return [*lines, *(click.style(line, dim=True) for line in told if reason)]


def _rows(result: Result, width: int) -> list[str]:
    sign, colour = SIGNS[result.outcome]
    weight = f" {result.severity}" if result.outcome is Outcome.FAILED else ""
    lines = [click.style(f"  {sign} {result.name}", fg=colour) + click.style(f"  {result.outcome}{weight}", dim=True)]
    lines += textwrap.wrap(result.title, width, initial_indent=_INDENT, subsequent_indent=_INDENT)
    said = "\n".join(result.warnings) if result.outcome is Outcome.WARNED else result.message
    for line in said.splitlines():
        lines += textwrap.wrap(line, width, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False)
    return lines


def _attention(result: Result) -> int:
    order: Sequence[Outcome] = (
        Outcome.FAILED,
        Outcome.ERROR,
        Outcome.INCONCLUSIVE,
        Outcome.WARNED,
        Outcome.PASSED,
        Outcome.SKIPPED,
    )
    return order.index(result.outcome)


def _by_family(ids: Iterable[str]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for id_ in ids:
        found.setdefault(family_of(id_), []).append(id_)
    known = list(FAMILIES)
    return sorted(found.items(), key=lambda item: known.index(item[0]) if item[0] in known else len(known))
