"""Steps and variables as they would be, rendered as far as that is possible before a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from smokerunner.browser.guard import Limits
from smokerunner.model.day import Day
from smokerunner.model.flow import Flow
from smokerunner.model.matcher import join
from smokerunner.model.step import Step
from smokerunner.model.template import Reference, Template, render
from smokerunner.replay.effects import all_steps
from smokerunner.replay.foreseen import ForeseenRequest, ForeseenStep

_BESIDE = ("name", "as", "timeout", "when", "on_failure", "save", "picture", "visual", "mask", "time_target")
_NOTHING: tuple[Any, ...] = ({}, [], None)


class Knowledge:
    """The variables that are known, by name. Secrets and what is made during the run stay `${…}`."""

    def __init__(self, values: Mapping[str, str], today: date) -> None:
        self.values = dict(values)
        self._today = today
        self._rendering: list[str] = []

    def within(self, values: Mapping[str, str]) -> Knowledge:
        """The same with `values`, which are rendered here, on top."""
        return Knowledge({**self.values, **{name: self.text(value) for name, value in values.items()}}, self._today)

    def forget(self, names: Iterable[str]) -> None:
        """These are saved during the run: what they hold is not known any more."""
        for name in names:
            self.values.pop(name, None)

    def text(self, value: str) -> str:
        """A text as far as it is known."""
        template = value if isinstance(value, Template) else Template.literal(value)
        return str(template.render(self.resolve))

    def step(self, step: Step) -> Step:
        """A step as far as it is known, those inside it as they stand."""
        return render(step, self.resolve)

    def resolve(self, reference: Reference) -> str:
        """What one reference stands for."""
        if reference.kind == "variable":
            return self._variable(reference.name)
        if reference.kind == "today":
            return Day.parse(reference.name).spell(self._today)
        return {
            "unique": "${unique}",
            "run": f"${{run.{reference.name}}}",
            "secret": f"${{secrets.{reference.name}}}",
            "totp": f"${{totp(secrets.{reference.name})}}",
        }[reference.kind]

    def _variable(self, name: str) -> str:
        value = self.values.get(name)
        if value is None or name in self._rendering:
            return f"${{{name}}}"
        self._rendering.append(name)
        try:
            return self.text(value)
        finally:
            self._rendering.pop()


class Rehearsal:
    """Goes through the steps of one flow without doing any."""

    def __init__(self, flows: Mapping[str, Flow], limits: Limits, knowledge: Knowledge) -> None:
        self._flows = flows
        self._limits = limits
        self._knowledge = knowledge

    def steps(self, steps: Sequence[Step], number: str = "", person: str = "") -> tuple[ForeseenStep, ...]:
        """What these steps would do, in order. `number` is that of the step they stand in, with its dot."""
        return tuple(self._step(step, f"{number}{index:02d}", person) for index, step in enumerate(steps, 1))

    def _step(self, step: Step, number: str, person: str) -> ForeseenStep:
        known = self._knowledge.step(step)
        who = step.as_ or person
        files = tuple(map(str, getattr(known, "with_", ()))) if step.action == "upload" else ()
        foreseen = ForeseenStep(
            number=number,
            action=step.action,
            words=known.object,
            name=str(known.name or ""),
            person=who,
            data=() if files else self._data(known),
            saves=tuple(step.save),
            when=str(known.when) if known.when is not None else "",
            timeout=step.timeout,
            may_fail=step.on_failure == "warn",
            request=self._request(known),
            files=files,
            children=self._children(step, f"{number}.", who),
        )
        self._knowledge.forget(step.save)
        return foreseen

    def _children(self, step: Step, number: str, person: str) -> tuple[ForeseenStep, ...]:
        if step.action == "use":
            used = self._flows[str(step.acts_on)]
            given: Mapping[str, str] = {**used.variables, **getattr(step, "with_", {})}
            inner = Rehearsal(self._flows, self._limits, self._knowledge.within(given))
            done = inner.steps(used.steps, number, person)
            self._knowledge.forget({name for inner in all_steps(used.steps) for name in inner.save} - set(given))
            return done
        return tuple(made for steps in step.children().values() for made in self.steps(steps, number, person))

    def _data(self, known: Step) -> tuple[tuple[str, str], ...]:
        left_out = {*_BESIDE, "until", known.action, *known.children()}
        dumped = known.model_dump(mode="json", by_alias=True, exclude_unset=True)
        data = {key: value for key, value in dumped.items() if key not in left_out}
        if known.action == "api":
            data |= {key: value for key, value in dumped["api"].items() if key in ("headers", "json", "form")}
        return tuple((key, _brief(value)) for key, value in data.items() if value not in _NOTHING)

    def _request(self, known: Step) -> ForeseenRequest | None:
        if known.action == "goto":
            return self._asked("GET", str(known.acts_on), navigates=True)
        if known.action == "api":
            return self._asked(known.acts_on.method, str(known.acts_on.path), navigates=False)
        return None

    def _asked(self, method: str, path: str, *, navigates: bool) -> ForeseenRequest:
        # What begins with something unknown may be a whole address.
        url = path if path.startswith("${") else join(self._limits.base_url, path)
        known = not url.startswith("${")
        objection = self._limits.objection(method, url, navigates=navigates) if known else None
        return ForeseenRequest(method, url, navigates, objection or "")


def _brief(value: Any) -> str:
    """YAML's short form, without the quotes that nobody needs to read."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_brief(item)}" for key, item in value.items() if item not in _NOTHING) + "}"
    if isinstance(value, list | tuple):
        # Most lists are of one thing that is written without brackets.
        return _brief(value[0]) if len(value) == 1 else "[" + ", ".join(map(_brief, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
