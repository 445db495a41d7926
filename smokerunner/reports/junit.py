"""JUnit XML for pipelines: a flow is a suite, a step a test case; so is a family of checks, and a check.

The cases are those of the attempt that decided; the other attempts stand in the case where they went wrong, as
`flakyFailure` or `rerunFailure`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC
from types import MappingProxyType
from xml.etree import ElementTree as Xml

from smokerunner.model.diagnosis import Diagnosis
from smokerunner.model.outcome import Outcome
from smokerunner.model.record import record
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.reports.checks import Family, families_of, own_warnings, sent_by, since_of, told_of
from smokerunner.reports.place import WITHIN, Place
from smokerunner.reports.wording import (
    blamed_step,
    diagnoses_of,
    done_of,
    file_of,
    history_of,
    legible,
    number_of,
    others_of,
    release_of,
    title_of,
)

FILENAME = "junit.xml"
RUN_SUITE = "(run)"
"""The suite of what is about the run as a whole; no flow can be called so."""

_LEFT_OUT = ("before", "thumbnail")
"""Pictures that another one stands for."""
_TAGS = {
    Outcome.FAILED: "failure",
    Outcome.ERROR: "error",
    Outcome.INCONCLUSIVE: "error",
    Outcome.SKIPPED: "skipped",
}


def render(run: Run, place: Place = WITHIN) -> str:
    """The whole run as one XML document. `[[ATTACHMENT|path]]` lines lead from where it is read to the bundle."""
    writer = _Writer(run, place)
    suites = [writer.flow_suite(flow) for flow in run.flows]
    suites += [writer.family_suite(family) for family in families_of(run.checks)]
    others = others_of(run)
    if others:
        cases = [writer.case(RUN_SUITE, result, result.diagnoses) for result in others]
        suites.insert(0, writer.suite(RUN_SUITE, cases, None))
    root = Xml.Element("testsuites", name=legible(run.id))
    total = Counter(case[0].tag for suite in suites for case in suite.iter("testcase") if len(case))
    root.set("tests", str(sum(len(suite.findall("testcase")) for suite in suites)))
    root.set("failures", str(total["failure"]))
    root.set("errors", str(total["error"]))
    root.set("time", f"{run.seconds:.3f}")
    root.extend(suites)
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


@record
class _Writer:
    run: Run
    place: Place

    def flow_suite(self, flow: Result) -> Xml.Element:
        attempt, found, blamed = flow.deciding, diagnoses_of(flow), blamed_step(flow)
        cases = []
        if attempt is not None:
            cases = [
                self.case(flow.name, step, found if step is blamed else step.diagnoses, number_of(step, attempt))
                for step in attempt.steps
            ]
        shown = {step.outcome for step in flow.steps}
        if not cases or (flow.outcome.is_bad and flow.outcome not in shown):
            cases.append(self.case(flow.name, flow, found))
        if attempt is not None:
            for other in flow.attempts:
                if other is not attempt and other.outcome.is_bad:
                    _told_again(cases, flow, attempt, other)
        cases += [self.cleanup(flow.name, child) for child in flow.children if child.kind == "cleanup"]
        return self.suite(flow.name, cases, flow)

    def family_suite(self, family: Family) -> Xml.Element:
        """A suite like `checks.sec`, which no flow can be called, with a case for each check."""
        name = f"checks.{family.key}"
        told = {"title": family.title, "outcome": str(family.outcome), "requests": str(sent_by(family.checks))}
        return self.suite(name, [self.check_case(name, check) for check in family.checks], None, told)

    def check_case(self, suite: str, check: Result) -> Xml.Element:
        case = self._named(suite, f"{check.name} {check.title}".strip(), check)
        tag = _TAGS.get(check.outcome)
        if tag:
            reason = _first(check.message) or "it did not say why"
            verdict = Xml.SubElement(case, tag, message=legible(reason), type=check.outcome)
            if check.outcome is not Outcome.SKIPPED:
                past = since_of(self.run, check)
                verdict.text = legible("\n".join(_looked_at(check, past)))
        warnings = own_warnings(check) or ((check.message,) if check.outcome is Outcome.WARNED else ())
        lines = [f"warning: {warning}" for warning in warnings if warning]
        lines += [f"weak evidence: {check.weak}"] if check.weak and check.outcome.is_good else []
        _system_out(case, lines + self.attachments(check))
        return case

    def suite(
        self, name: str, cases: list[Xml.Element], flow: Result | None, more: Mapping[str, str] = MappingProxyType({})
    ) -> Xml.Element:
        tags = Counter(case[0].tag for case in cases if len(case))
        suite = Xml.Element("testsuite", name=legible(name), tests=str(len(cases)))
        suite.set("failures", str(tags["failure"]))
        suite.set("errors", str(tags["error"]))
        suite.set("skipped", str(tags["skipped"]))
        seconds = flow.seconds if flow else sum(float(case.get("time", "0")) for case in cases)
        suite.set("time", f"{seconds:.3f}")
        suite.set("timestamp", f"{(flow.started if flow else self.run.started).astimezone(UTC):%Y-%m-%dT%H:%M:%S}")
        properties = Xml.SubElement(suite, "properties")
        for key, value in {**_properties(self.run, flow), **more}.items():
            Xml.SubElement(properties, "property", name=key, value=legible(value))
        suite.extend(cases)
        if flow:
            _system_out(suite, [f"warning: {warning}" for warning in flow.warnings] + self.attachments(flow))
        return suite

    def case(self, suite: str, result: Result, found: tuple[Diagnosis, ...], number: str = "") -> Xml.Element:
        case = self._named(suite, f"{number} {done_of(result)}".strip(), result)
        tag = _TAGS.get(result.outcome)
        if tag:
            reason = found[0].title if found else _first(result.message) or "it did not say why"
            verdict = Xml.SubElement(case, tag, message=legible(reason), type=result.outcome)
            if result.outcome is not Outcome.SKIPPED:
                verdict.text = legible("\n".join(_details(result, found)))
        _system_out(case, [f"warning: {warning}" for warning in _warnings(result)] + self.attachments(result))
        return case

    def cleanup(self, suite: str, result: Result) -> Xml.Element:
        """Cleanup never fails a flow, so it never fails a test case."""
        case = self._named(suite, f"cleanup {title_of(result)}", result)
        lines = [f"warning: cleanup {result.outcome}: {result.message}"] if result.outcome is not Outcome.PASSED else []
        _system_out(case, lines + self.attachments(result))
        return case

    def _named(self, suite: str, name: str, result: Result) -> Xml.Element:
        case = Xml.Element("testcase", name=legible(name), classname=legible(f"{self.run.app}.{suite}"))
        case.set("time", f"{result.seconds:.3f}")
        return case

    def attachments(self, result: Result) -> list[str]:
        below = result.walk() if result.kind == "step" else (result, *result.attempts)
        paths = [file_of(item) for found in below for item in found.artifacts if item.kind not in _LEFT_OUT]
        return [f"[[ATTACHMENT|{self.place.path(path)}]]" for path in dict.fromkeys(paths) if path]


def _told_again(cases: list[Xml.Element], flow: Result, attempt: Result, other: Result) -> None:
    """An attempt that did not decide: in the case that failed, or where the flow had gone wrong before it passed."""
    step = next((step for step in other.steps if step.outcome.is_bad), None)
    failed = blamed_step(flow)
    numbers = [number_of(step, attempt) for step in attempt.steps]
    number = number_of(failed, attempt) if failed is not None else number_of(step, other) if step is not None else ""
    case = cases[numbers.index(number) if number in numbers else -1]
    kind = "Failure" if other.outcome is Outcome.FAILED else "Error"
    tag = f"{'flaky' if flow.outcome.is_good else 'rerun'}{kind}"
    told = step if step is not None and step.message else other
    message = f"attempt {other.name}: {_first(told.message) or other.outcome}"
    again = Xml.Element(tag, message=legible(message), type=other.outcome)
    Xml.SubElement(again, "stackTrace").text = legible("\n".join(_details(told, told.diagnoses)))
    # Before what the case printed, and after its own failure, as the schema of Maven Surefire has it.
    index = next((index for index, child in enumerate(case) if child.tag == "system-out"), len(case))
    case.insert(index, again)


def _properties(run: Run, flow: Result | None) -> dict[str, str]:
    found = {
        "app": run.app,
        "environment": run.environment,
        "base_url": run.base_url,
        "release": release_of(run.release),
        "outcome": flow.outcome if flow else run.outcome,
    }
    if flow:
        diagnoses = diagnoses_of(flow)
        found |= {
            "title": title_of(flow),
            "severity": flow.severity or "",
            "attempts": str(len(flow.attempts)),
            "tags": " ".join(flow.tags),
            "diagnosis": " ".join(item.id for item in diagnoses),
            "diagnosis_title": "; ".join(item.title for item in diagnoses),
            "history": history_of(flow, run.history.get(flow.flow_name)),
        }
    return {key: value for key, value in found.items() if value}


def _warnings(result: Result) -> tuple[str, ...]:
    if result.outcome is Outcome.WARNED and not result.warnings:
        return (result.message or "it passed, but look at it",)
    return result.warnings


def _details(result: Result, found: tuple[Diagnosis, ...]) -> list[str]:
    lines = []
    for diagnosis in found:
        lines += [f"{diagnosis.id}: {diagnosis.title}", *([diagnosis.explanation] if diagnosis.explanation else [])]
        lines += [f"{proof.label}: {proof.text}" for proof in diagnosis.proof]
    lines += [result.message] if result.message else []
    lines += [f"url: {result.url}"] if result.url else []
    lines += [f"locator: {result.locator}"] if result.locator else []
    lines += [f"source: {result.source}"] if result.source else []
    lines += [f"console: {message.text}" for message in result.console]
    lines += [f"request: {seen.method} {seen.url} {seen.status or seen.failure or ''}" for seen in result.requests]
    lines += [
        f"{below.outcome}: {title_of(below)}: {below.message}" for below in result.walk()[1:] if below.outcome.is_bad
    ]
    return lines


def _looked_at(check: Result, past: str) -> list[str]:
    """All that a bad check saw, and what it means."""
    message, advice = told_of(check)
    lines = [*([message] if message else []), *(f"{reading.outcome}: {reading}" for reading in check.readings)]
    facts = {
        "what to do": advice,
        "to pass": check.criterion,
        "severity": check.severity,
        "source": check.source,
        "history": past,
    }
    return lines + [f"{name}: {fact}" for name, fact in facts.items() if fact]


def _first(message: str) -> str:
    return next(iter(message.splitlines()), "")


def _system_out(parent: Xml.Element, lines: list[str]) -> None:
    if lines:
        Xml.SubElement(parent, "system-out").text = legible("\n".join(lines))
