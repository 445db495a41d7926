"""Where the time of a run went, as a small table for the terminal."""

from __future__ import annotations

import click

from smokerunner.model.duration import spell
from smokerunner.model.event import Profiled
from smokerunner.model.kind import Kind
from smokerunner.model.profile import Phase, Profile, Spent
from smokerunner.model.spending import Slow

_BAR = 24
_MINOR = 0.02
"""The share of a step's time below which a part of it is left out here; the report has them all."""


def spending_lines(event: Profiled) -> list[str]:
    """Phases, kinds and the slowest steps."""
    lines = ["", *_phase_lines(event.profile)]
    if event.spent.total:
        lines += _kind_lines(event.spent, event.profile)
        lines += ["", click.style("slowest steps", bold=True)]
        lines += [line for slow in event.slowest for line in _slow_lines(slow)]
    return lines


def _phase_lines(profile: Profile) -> list[str]:
    phases = " · ".join(f"{phase} {spell(profile.phases[phase])}" for phase in Phase if phase in profile.phases)
    worked = [("smokerunner", profile.cpu_own), ("driver", profile.cpu_driver), ("browser", profile.cpu_browser)]
    told = " · ".join(f"{name} {spell(seconds)}" for name, seconds in worked if seconds is not None)
    return [
        click.style("where the time went", bold=True) + f" · {spell(profile.total)} in all",
        f"  {phases}",
        click.style(f"  processors worked: {told}", dim=True),
    ]


def _kind_lines(spent: Spent, profile: Profile) -> list[str]:
    total, passed = spent.total, profile.phases.get(Phase.FLOWS, 0.0)
    app = round(spent.app / total * 100)
    also = " side by side" if total > passed * 1.05 else ""
    head = click.style("in the flows", bold=True) + f" · {spell(total)}{also}: "
    lines = ["", head + click.style(f"the app {app} %, smokerunner {100 - app} %", bold=True)]
    for kind, seconds in spent.parts:
        share = seconds / total
        length = round(share * _BAR)
        bar = click.style(f"  {'█' * length}", fg=_colour(kind)) if length else ""
        lines.append(f"  {kind:<10}  {spell(seconds):>8}  {share * 100:>3.0f} %{bar}")
    return lines


def _slow_lines(slow: Slow) -> list[str]:
    largest = sorted(slow.spent.parts, key=lambda part: -part[1])
    told = [f"{kind} {spell(seconds)}" for kind, seconds in largest if seconds >= slow.spent.total * _MINOR]
    return [
        f"  {spell(slow.spent.total):>8}  {slow.flow}, step {slow.number}: {slow.title}",
        click.style(f"            {' · '.join(told)}", dim=True),
    ]


def _colour(kind: Kind) -> str:
    return "cyan" if kind.is_app else "yellow"
