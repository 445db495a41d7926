"""JUnit XML for pipelines: a flow is a suite, a step a test case. Only the attempt that decided is shown."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from xml.etree import ElementTree as Xml

from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.reports.wording import file_of, legible, number_of, others_of, release_of, title_of

FILENAME = "junit.xml"

_TAGS = {
    Outcome.FAILED: "failure",
    Outcome.ERROR: "error",
    Outcome.INCONCLUSIVE: "error",
    Outcome.SKIPPED: "skipped",
}


def render(run: Run) -> str:
    """The whole run as one XML document. `[[ATTACHMENT|path]]` lines are relative to the bundle."""
    suites = [_flow_suite(run, flow) for flow in run.flows]
    others = others_of(run)
    if others:
        suites.insert(0, _suite(run, "run", [_case(run, "run", result) for result in others], None))
    root = Xml.Element("testsuites", name=legible(run.id))
    total = Counter(case[0].tag for suite in suites for case in suite.iter("testcase") if len(case))
    root.set("tests", str(sum(len(suite.findall("testcase")) for suite in suites)))
    root.set("failures", str(total["failure"]))
    root.set("errors", str(total["error"]))
    root.set("time", f"{run.seconds:.3f}")
    root.extend(suites)
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _flow_suite(run: Run, flow: Result) -> Xml.Element:
    attempt = flow.deciding
    cases = [_case(run, flow.name, step, number_of(step, attempt)) for step in flow.steps] if attempt else []
    shown = {step.outcome for step in flow.steps}
    if not cases or (flow.outcome.is_bad and flow.outcome not in shown):
        cases.append(_case(run, flow.name, flow))
    cases += [_cleanup(run, flow.name, child) for child in flow.children if child.kind == "cleanup"]
    return _suite(run, flow.name, cases, flow)


def _suite(run: Run, name: str, cases: list[Xml.Element], flow: Result | None) -> Xml.Element:
    tags = Counter(case[0].tag for case in cases if len(case))
    suite = Xml.Element("testsuite", name=legible(name), tests=str(len(cases)))
    suite.set("failures", str(tags["failure"]))
    suite.set("errors", str(tags["error"]))
    suite.set("skipped", str(tags["skipped"]))
    seconds = flow.seconds if flow else sum(float(case.get("time", "0")) for case in cases)
    suite.set("time", f"{seconds:.3f}")
    suite.set("timestamp", f"{(flow.started if flow else run.started).astimezone(UTC):%Y-%m-%dT%H:%M:%S}")
    properties = Xml.SubElement(suite, "properties")
    for key, value in _properties(run, flow).items():
        Xml.SubElement(properties, "property", name=key, value=legible(value))
    suite.extend(cases)
    if flow:
        _system_out(suite, [f"warning: {warning}" for warning in flow.warnings] + _attachments(flow))
    return suite


def _properties(run: Run, flow: Result | None) -> dict[str, str]:
    found = {
        "app": run.app,
        "environment": run.environment,
        "base_url": run.base_url,
        "release": release_of(run.release),
        "outcome": flow.outcome if flow else run.outcome,
    }
    if flow:
        found |= {
            "title": title_of(flow),
            "severity": flow.severity or "",
            "attempts": str(len(flow.attempts)),
            "tags": " ".join(flow.tags),
        }
    return {key: value for key, value in found.items() if value}


def _case(run: Run, suite: str, result: Result, number: str = "") -> Xml.Element:
    name = f"{number} {title_of(result)}".strip()
    case = Xml.Element("testcase", name=legible(name), classname=legible(f"{run.app}.{suite}"))
    case.set("time", f"{result.seconds:.3f}")
    tag = _TAGS.get(result.outcome)
    if tag:
        reason = result.message or "it did not say why"
        verdict = Xml.SubElement(case, tag, message=legible(reason.splitlines()[0]), type=result.outcome)
        if result.outcome is not Outcome.SKIPPED:
            verdict.text = legible("\n".join(_details(result)))
    _system_out(case, [f"warning: {warning}" for warning in _warnings(result)] + _attachments(result))
    return case


def _cleanup(run: Run, suite: str, result: Result) -> Xml.Element:
    """Cleanup never fails a flow, so it never fails a test case."""
    case = Xml.Element("testcase", name=legible(f"cleanup {title_of(result)}"), classname=legible(f"{run.app}.{suite}"))
    case.set("time", f"{result.seconds:.3f}")
    lines = [f"warning: cleanup {result.outcome}: {result.message}"] if result.outcome is not Outcome.PASSED else []
    _system_out(case, lines + _attachments(result))
    return case


def _warnings(result: Result) -> tuple[str, ...]:
    if result.outcome is Outcome.WARNED and not result.warnings:
        return (result.message or "it passed, but look at it",)
    return result.warnings


def _details(result: Result) -> list[str]:
    lines = [result.message]
    lines += [f"url: {result.url}"] if result.url else []
    lines += [f"locator: {result.locator}"] if result.locator else []
    lines += [f"source: {result.source}"] if result.source else []
    lines += [f"console: {message.text}" for message in result.console]
    lines += [f"request: {seen.method} {seen.url} {seen.status or seen.failure or ''}" for seen in result.requests]
    lines += [
        f"{below.outcome}: {title_of(below)}: {below.message}" for below in result.walk()[1:] if below.outcome.is_bad
    ]
    return lines


def _attachments(result: Result) -> list[str]:
    below = result.walk() if result.kind == "step" else (result, *result.attempts)
    paths = [file_of(artifact) for found in below for artifact in found.artifacts]
    return [f"[[ATTACHMENT|{path}]]" for path in dict.fromkeys(paths) if path]


def _system_out(parent: Xml.Element, lines: list[str]) -> None:
    if lines:
        Xml.SubElement(parent, "system-out").text = legible("\n".join(lines))
