"""Rules about flows that cannot fail, or that leave something behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from smokerunner.authoring.lint.rule import Finding, steps_of, used_steps, words
from smokerunner.language.load import LoadedFile
from smokerunner.language.nodes import Location
from smokerunner.model.flow import Effects, FlowFile
from smokerunner.model.step import Step
from smokerunner.model.target import Target

_PROVES = frozenset({"expect", "api", "mail", "repeat"})
_CHANGES_NOTHING = frozenset({"screenshot", "accessibility", "read", "pause", "hover", "scroll", "network"})
_LEAVES = frozenset({"goto", "back", "reload", "use"})
_LOGS_OUT = re.compile(r"\b(log|sign)[ -]?(out|off)\b|abmelden|ausloggen")
_LOGOUT_PATH = re.compile(r"/(log|sign)[-_]?(out|off)\b")
_NEW_PASSWORD = re.compile(r"(new|neues|confirm|change|ändern).*(password|passwort)")


def proves(step: Step, file: FlowFile, through: tuple[str, ...] = ()) -> bool:
    """Whether a step fails when the app did not do its part."""
    if step.when is not None or step.on_failure == "warn":
        return False
    if step.action in _PROVES or any(getattr(step, key, None) for key in ("download", "shows", "status")):
        return True
    if step.action == "use":
        name = str(step.acts_on)
        other = file.flows.get(name)
        return other is not None and name not in through and _ends_well(other.steps, file, (*through, name))
    return any(proves(inner, file, through) for steps in step.children().values() for inner in steps)


def no_expectation(loaded: LoadedFile) -> Iterator[Finding]:
    """Flows that end without an expectation, and submits that nobody looks at before the flow goes elsewhere."""
    file = loaded.file
    for name, flow in file.flows.items():
        here: Location = ("flows", name, "steps")
        if not any(proves(step, file) for step in flow.steps):
            yield Finding(("flows", name), "it expects nothing, so it cannot fail; end it with an `expect`")
            continue
        if not _ends_well(flow.steps, file):
            last = max(index for index, step in enumerate(flow.steps) if step.action not in _CHANGES_NOTHING)
            yield Finding((*here, last), "the flow ends here and nobody looks what came of it; add an `expect`")
        yield from _unwatched(flow.steps, here, file)


def _ends_well(steps: Sequence[Step], file: FlowFile, through: tuple[str, ...] = ()) -> bool:
    for step in reversed(steps):
        if proves(step, file, through):
            return True
        if step.action not in _CHANGES_NOTHING and step.when is None:
            return False
    return False


def _unwatched(steps: Sequence[Step], here: Location, file: FlowFile) -> Iterator[Finding]:
    submitted: int | None = None
    for index, step in enumerate(steps):
        if submitted is not None and step.action in _LEAVES:
            said = f"nobody looks what came of it before step {index + 1} leaves the page; add an `expect` after it"
            yield Finding((*here, submitted), said)
        if step.action in _LEAVES or proves(step, file):
            submitted = None
        elif _is_submit(step):
            submitted = index


def _is_submit(step: Step) -> bool:
    if step.when is not None:
        return False
    if step.action == "press":
        return str(step.acts_on) == "Enter"
    target = step.acts_on
    return (
        step.action == "click"
        and isinstance(target, Target)
        and (target.finder == "button" or (target.role is not None and str(target.role) == "button"))
    )


def pause(loaded: LoadedFile) -> Iterator[Finding]:
    """Every pause."""
    for name, flow in loaded.file.flows.items():
        for place, step in steps_of(name, flow):
            if step.action == "pause":
                said = "a pause is too long on a good day and too short on a bad one; `expect` what it waits for"
                yield Finding((*place, "pause"), said)


def no_cleanup(loaded: LoadedFile) -> Iterator[Finding]:
    """Flows that make something new for every run and never take it away."""
    file = loaded.file
    fresh = {name for name, value in file.variables.items() if "${unique}" in value}
    for name, flow in file.flows.items():
        if flow.effects is not Effects.TEST_DATA or any(file.flows[other].cleanup for other in _chain(file, name)):
            continue
        own = fresh - set(flow.variables) | {key for key, value in flow.variables.items() if "${unique}" in value}
        typed = [
            (index, step)
            for index, step in enumerate(flow.steps)
            if step.action == "fill" and ("${unique}" in str(getattr(step, "with_", "")) or _names(step) & own)
        ]
        opens = any(_NEW_PASSWORD.search(words(t)) or "password" in words(t) for s in flow.steps for t in s.targets)
        makes = any(
            _is_submit(step) and re.search("create|register|sign up|join", step.title.lower()) for step in flow.steps
        )
        if typed and makes and opens:
            said = "every run opens an account that stays; a `cleanup` could take it away"
            yield Finding(("flows", name), said)


def _chain(file: FlowFile, name: str, found: frozenset[str] = frozenset()) -> frozenset[str]:
    """A flow and all that it needs, whose cleanup comes after it."""
    found |= {name}
    for other in file.flows[name].requires:
        if other not in found:
            found = _chain(file, other, found)
    return found


def _names(step: Step) -> set[str]:
    found = getattr(step, "with_", None)
    return {reference.name for reference in found.references} if found is not None else set()


def shared_logout(loaded: LoadedFile) -> Iterator[Finding]:
    """Flows that end, or break, the session that others start from."""
    file = loaded.file
    for name, flow in file.flows.items():
        if flow.starts_from is None:
            continue
        for index, step in enumerate(flow.steps):
            if any(_ends_session(inner) for inner in used_steps(file, (step,))):
                said = (
                    f"it ends the session that '{name}' shares with all that start from '{flow.starts_from}'; "
                    f"write `use: {flow.starts_from}` and `needs` instead of `starts_from`"
                )
                yield Finding(("flows", name, "steps", index), said)
                break


def _ends_session(step: Step) -> bool:
    if step.action == "goto":
        return _LOGOUT_PATH.search(str(step.acts_on).lower()) is not None
    if step.action == "click":
        return any(_LOGS_OUT.search(words(target)) for target in step.targets)
    return step.action == "fill" and any(_NEW_PASSWORD.search(words(target)) for target in step.targets)
