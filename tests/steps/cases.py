"""Cases for the flow language: many in one file, replayed by one run, each judged by what a person reads.

A case is a few steps, the outcome of the step that decides, and what that step says. In `says` a `…` stands for
anything and `{base}` for the site's address. To open a browser context for each would take minutes, so cases follow
one another in a few flows, each step with `on_failure: warn`; a case that needs a flow of its own is `alone`.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from textwrap import dedent, indent

import pytest
from server import Site

from smokerunner.cli.program import outcome as smokerunner
from smokerunner.model.result import Result
from smokerunner.model.run import Run

SHORT, LOOK = "2s", "300ms"
"""How long a step may take that is meant to fail, unless it says so itself: one that acts, and one that only looks."""
OWN_TIME = "# no time-out of its own"
TOGETHER = 4
"""Flows that hold the cases which can follow one another."""
_SOFTENED = re.compile(r"(failed|inconclusive), but only a warning here: (.*)", re.DOTALL)


@dataclass(frozen=True)
class Case:
    text: str
    outcome: str = "passed"
    says: str = ""
    flow: Mapping[str, object] = field(default_factory=dict)
    alone: bool = False

    @property
    def steps(self) -> list[str]:
        """The steps as YAML, each with what every case adds to it."""
        found = [f"- {step.rstrip()}" for step in re.split(r"(?m)^- ", dedent(self.text).strip("\n")) if step]
        for index, step in enumerate(found):
            if "  picture:" not in step:
                found[index] += "\n  picture: false"
            if not self.is_alone:
                found[index] += "\n  on_failure: warn"
        if self.outcome not in ("passed", "skipped") and "  timeout:" not in found[-1] and OWN_TIME not in found[-1]:
            found[-1] += f"\n  timeout: {LOOK if self._only_looks(found[-1]) else SHORT}"
        return found

    def _only_looks(self, step: str) -> bool:
        return step.startswith(("- expect", "- read")) or "is not there" in self.says or "narrow it" in self.says

    @property
    def is_alone(self) -> bool:
        return self.alone or bool(self.flow) or self.outcome == "error"


def passes(steps: str, **flow: object) -> Case:
    """Every step passes, and none has anything to say."""
    return Case(steps, "passed", "", flow)


def fails(says: str, steps: str, **flow: object) -> Case:
    """The last step fails and says so."""
    return Case(steps, "failed", says, flow)


def warns(says: str, steps: str, **flow: object) -> Case:
    """One step is warned."""
    return Case(steps, "warned", says, flow)


def skips(says: str, steps: str, **flow: object) -> Case:
    """One step is skipped, and the others are good all the same."""
    return Case(steps, "skipped", says, flow)


def errs(says: str, steps: str, **flow: object) -> Case:
    """The last step is an error: the flow or the machine is wrong, not the app."""
    return Case(steps, "error", says, flow)


def unclear(says: str, steps: str, **flow: object) -> Case:
    """The last step is inconclusive."""
    return Case(steps, "inconclusive", says, flow)


def alone(case: Case) -> Case:
    """The same case in a flow, and so in a browser context, of its own."""
    return replace(case, alone=True)


@dataclass(frozen=True)
class Replayed:
    """What one run of all cases left."""

    cases: Mapping[str, Case]
    places: Mapping[str, tuple[str, int]]
    """The flow of each case, and the index of its first step there."""
    site: Site
    bundle: Path
    run: Run
    exit_code: int

    def flow(self, case: str) -> Result:
        name = self.places[case][0]
        return next(result for result in self.run.results if result.name == name)

    def steps(self, case: str) -> tuple[Result, ...]:
        first = self.places[case][1]
        return self.flow(case).steps[first : first + len(self.cases[case].steps)]

    def step(self, case: str, number: int) -> Result:
        """A step of the case by its number, from 1."""
        return self.steps(case)[number - 1]

    def picture(self, case: str, number: int) -> Path:
        """The file of a step's picture."""
        found = self.step(case, number).picture
        assert found is not None, f"step {number} of {case} has no picture"
        return self.bundle / found.path

    def check(self, name: str) -> None:
        """The case came out as it says."""
        case, flow = self.cases[name], self.flow(name)
        seen = [(step, *read(step)) for step in self.steps(name)]
        told = "\n".join(f"{step.name} {step.title}: {outcome} {said}" for step, outcome, said in seen)
        told = f"{flow.outcome} {flow.message}\n{told}"
        decided = [item for item in seen if item[1] not in ("passed", "warned")]
        decided += [item for item in seen if item[1] == "warned"]
        _, outcome, said = (*decided, seen[-1])[0]
        assert outcome == case.outcome, told
        if self.is_own(name):
            assert flow.outcome == ("passed" if outcome == "skipped" else outcome), told
        wanted = case.says.replace("{base}", self.site.base_url)
        pattern = ".*".join(re.escape(piece) for piece in wanted.split("…"))
        assert re.fullmatch(pattern, said, re.DOTALL), f"expected: {wanted}\n{told}"

    def is_own(self, name: str) -> bool:
        return self.places[name][0] == name


def read(step: Result) -> tuple[str, str]:
    """A step's outcome, as it would be without `on_failure: warn`, and what a person reads beside it."""
    softened = _SOFTENED.fullmatch(step.warnings[0]) if step.warnings else None
    if softened:
        return softened[1], softened[2]
    return str(step.outcome), step.message or "; ".join(step.warnings)


def replay(
    cases: Mapping[str, Case],
    site: Site,
    folder: Path,
    *,
    head: str = "",
    config: str = "",
    secrets: Mapping[str, str] | None = None,
    more: str = "",
    arguments: tuple[str, ...] = (),
) -> Replayed:
    """Write all cases, and the flows in `more`, into one flow file and run it in this process."""
    flows: dict[str, tuple[Mapping[str, object], list[str]]] = {}
    places = {}
    for number, (name, case) in enumerate(cases.items()):
        flow = name if case.is_alone else f"together-{number % TOGETHER + 1}"
        _, steps = flows.setdefault(flow, (case.flow, []))
        places[name] = (flow, len(steps))
        steps += case.steps
    address = "" if "base_url:" in head else f"base_url: {site.base_url}\n"
    written = "".join(_written(name, head, steps) for name, (head, steps) in flows.items())
    path = folder / "flows.yaml"
    path.write_text(f"app: site\n{address}{dedent(head)}flows:\n{written}{indent(dedent(more), '  ')}")
    if config:
        (folder / "smokerunner.yaml").write_text(dedent(config))
    complaints = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stderr(complaints):
        patch.chdir(folder)
        for name, value in (secrets or {}).items():
            patch.setenv(name, value)
        code = smokerunner(["run", str(path), "--no-history", "--quiet", "--trace", "off", *arguments])
    bundles = sorted(item.parent for item in (folder / "evidence").glob("*/run.json"))
    assert bundles, f"nothing was run (exit code {code}): {complaints.getvalue()}"
    run = Run.model_validate_json((bundles[-1] / "run.json").read_text())
    return Replayed(cases, places, site, bundles[-1], run, code)


def _written(name: str, options: Mapping[str, object], steps: list[str]) -> str:
    head = "".join(f"{key}: {json.dumps(value)}\n" for key, value in options.items())
    return f"  {name}:\n" + indent(head + "steps:\n" + indent("\n".join(steps) + "\n", "  "), "    ")
