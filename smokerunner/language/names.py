"""What a file says about itself: flows that name flows, variables, secrets, files beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from smokerunner.language.browsing import browsings, wrong_people, wrong_settings
from smokerunner.language.circles import circles
from smokerunner.language.complaints import nearest, where
from smokerunner.language.document import Document
from smokerunner.language.nodes import Location
from smokerunner.model.errors import Problem
from smokerunner.model.flow import Flow, FlowFile
from smokerunner.model.step import Step, Vocabulary
from smokerunner.model.template import Reference, Template, references


def check(
    file: FlowFile, document: Document, folder: Path, vocabulary: Vocabulary, *, given: Collection[str] = ()
) -> tuple[Problem, ...]:
    """Every name in the file that stands for nothing. `given` are variables that come from outside the file;
    files to upload are looked for in `folder`.
    """
    checker = _Checker(file, document, folder, vocabulary, frozenset(given))
    checker.check()
    return tuple(sorted(set(checker.problems)))


def used_flow(step: Step) -> str | None:
    """The flow whose steps this step does, if any."""
    return str(step.acts_on) if step.action == "use" else None


def _uploads(step: Step) -> Sequence[Template]:
    found: Sequence[Template] = getattr(step, "with_", ()) if step.action == "upload" else ()
    return found


def uploaded(file: FlowFile) -> Iterator[tuple[Location, Template]]:
    """Every file beside the flow file that some step uploads, where its name is known, and the place of that name."""
    for name, flow in file.flows.items():
        for place, step in _steps_of(name, flow):
            for index, written in enumerate(_uploads(step)):
                if not written.references:
                    yield (*place, "with", index), written


def every_step(steps: Iterable[Step], place: Location) -> Iterator[tuple[Location, Step]]:
    """All steps with their places, those inside others before the step that holds them."""
    for index, step in enumerate(steps):
        here = (*place, index)
        for key, inner in step.children().items():
            yield from every_step(inner, (*here, key))
        yield here, step


@dataclass
class _Checker:
    file: FlowFile
    document: Document
    folder: Path
    vocabulary: Vocabulary
    given: frozenset[str]
    problems: list[Problem] = field(default_factory=list)
    _undefined: dict[str, set[str]] = field(default_factory=dict)

    def check(self) -> None:
        self._check_flow_names()
        self._check_head()
        for name, flow in self.file.flows.items():
            self._check_variables(name, flow)
        # Only when all are known: whether a variable is missing for its user or missing everywhere.
        for name, flow in self.file.flows.items():
            self._check_uses(name, flow)
        self._check_files()
        self._check_browsers()

    def _complain(self, place: Location, message: str, *, at_key: bool = False) -> None:
        line, column = self.document.key_place(place) if at_key else self.document.place(place)
        prefix = where(self.document.written(place), self.vocabulary)
        self.problems.append(Problem(self.document.path, line, column, f"{prefix}: {message}" if prefix else message))

    # Flows

    def _links(self) -> Iterator[tuple[str, str, Location]]:
        """Which flow names which in its head, and where."""
        for name, flow in self.file.flows.items():
            for key, others in (("needs", flow.needs), ("after", flow.after)):
                for index, other in enumerate(others):
                    yield name, other, ("flows", name, key, index)
            if flow.starts_from is not None:
                yield name, flow.starts_from, ("flows", name, "starts_from")
            for person, settings in flow.people.items():
                if settings.starts_from is not None:
                    yield name, settings.starts_from, ("flows", name, "people", person, "starts_from")

    def _uses(self) -> Iterator[tuple[str, str, Location]]:
        for name, flow in self.file.flows.items():
            for place, step in _steps_of(name, flow):
                other = used_flow(step)
                if other is not None:
                    yield name, other, (*place, "use")

    def _check_flow_names(self) -> None:
        order = list(self.file.flows)
        for links, verb in ((list(self._links()), "waits for"), (list(self._uses()), "uses")):
            for _, other, place in links:
                if other not in self.file.flows:
                    self._complain(place, f"no flow called '{other}'{nearest(other, order)}")
            for circle, place in circles(order, links):
                self._complain(place, f"'{circle[0]}' {verb} itself: {' → '.join(circle)}")

    # Variables and secrets

    def _check_head(self) -> None:
        known = self.given | set(self.file.variables)
        self._check_references(references(self.file.variables, ("variables",)), known)
        inner = {name: set(_variables(value)) for name, value in self.file.variables.items()}
        links = [(name, other, ("variables", name)) for name, others in inner.items() for other in sorted(others)]
        for circle, place in circles(list(inner), links):
            self._complain(place, f"'{circle[0]}' is made of itself: {' → '.join(circle)}")
        anywhere = known.union(*(self._defined(name) for name in self.file.flows))
        for key in ("tolerate", "dismiss", "mask", "browser"):
            self._check_references(references(getattr(self.file, key), (key,)), anywhere)

    def _check_references(self, found: Iterable[tuple[Location, Reference]], known: Collection[str]) -> set[str]:
        """Complain about what is not known; the variables that are not."""
        missing = set()
        for place, reference in found:
            if reference.kind in ("secret", "totp"):
                self._check_secret(place, reference.name)
            elif reference.kind == "variable" and reference.name not in known:
                missing.add(reference.name)
                near = nearest(reference.name, sorted(known))
                self._complain(place, f"nothing defines ${{{reference.name}}}{near}")
        return missing

    def _check_secret(self, place: Location, name: str) -> None:
        declared = [secret.name for secret in self.file.secrets]
        if name not in declared:
            near = nearest(name, declared) or "; add it to `secrets` at the head of the file"
            self._complain(place, f"'{name}' is not among the secrets{near}")

    def _before(self, name: str) -> set[str]:
        """What a flow sees before its first step."""
        known = {*self.given, *self.file.variables}
        for other in self._required(name):
            known |= self._defined(other)
        return known | set(self.file.flows[name].variables)

    def _required(self, name: str) -> set[str]:
        """Every flow that must have passed before this one, also through others."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for other in self.file.flows[waiting.pop()].requires:
                if other in self.file.flows and other not in found:
                    found.add(other)
                    waiting.append(other)
        return found - {name}

    def _defined(self, name: str) -> set[str]:
        """What a flow defines: its own variables, and what its steps and those it uses save."""
        return set(self.file.flows[name].variables) | self._saved(name, ())

    def _saved(self, name: str, through: tuple[str, ...]) -> set[str]:
        flow = self.file.flows.get(name)
        if flow is None or name in through:
            return set()
        saved: set[str] = set()
        for _, step in every_step(flow.steps, ()):
            saved |= self._saved_by(step, (*through, name))
        return saved

    def _saved_by(self, step: Step, through: tuple[str, ...]) -> set[str]:
        other = used_flow(step)
        return set(step.save) | (self._saved(other, through) if other is not None else set())

    def _check_variables(self, name: str, flow: Flow) -> None:
        known = self._before(name)
        here: Location = ("flows", name)
        missing = self._check_references(references(flow.title, (*here, "title")), known)
        for key in ("variables", "browser", "people"):
            missing |= self._check_references(references(getattr(flow, key), (*here, key)), known)
        for place, step in every_step(flow.steps, (*here, "steps")):
            missing |= self._check_references(references(step, place), known)
            known |= self._saved_by(step, (name,))
        for place, step in every_step(flow.cleanup, (*here, "cleanup")):
            known |= self._saved_by(step, (name,))
            missing |= self._check_references(references(step, place), known)
        self._undefined[name] = missing

    def _check_uses(self, name: str, flow: Flow) -> None:
        known = self._before(name)
        for place, step in _steps_of(name, flow):
            other = used_flow(step)
            if other in self.file.flows:
                self._check_use(place, step, other, known)
            known |= self._saved_by(step, (name,))

    def _check_use(self, place: Location, step: Step, other: str, known: set[str]) -> None:
        overrides: Mapping[str, Template] = getattr(step, "with_", {})
        used = self.file.flows[other]
        wanted = list(self._wanted(other, (), ()))
        open_to = {*used.variables, *self.file.variables, *(variable for variable, _ in wanted)}
        for variable in overrides:
            if variable not in open_to:
                near = nearest(variable, sorted(open_to))
                message = f"'{other}' has no variable '{variable}'{near}"
                self._complain((*place, "with", variable), message, at_key=True)
        available = known | set(overrides)
        missing = dict.fromkeys(v for v, seen in wanted if v not in seen and v not in available)
        for variable in missing:
            if variable not in self._undefined.get(other, ()):
                message = f"'{other}' wants ${{{variable}}}, which nothing defines here; give it in `with`"
                self._complain((*place, "use"), message)

    def _wanted(
        self, name: str, seen: Collection[str], through: tuple[str, ...]
    ) -> Iterator[tuple[str, frozenset[str]]]:
        """Every variable that a flow's steps refer to, and what they have defined themselves by then."""
        flow = self.file.flows.get(name)
        if flow is None or name in through:
            return
        own = frozenset({*seen, *flow.variables})
        for value in flow.variables.values():
            for variable in _variables(value):
                yield variable, frozenset(seen)
        for _, step in every_step(flow.steps, ()):
            for _, reference in references(step):
                if reference.kind == "variable":
                    yield reference.name, own
            other = used_flow(step)
            if other is not None:
                yield from self._wanted(other, own | set(getattr(step, "with_", {})), (*through, name))
            own |= self._saved_by(step, (*through, name))

    # Files

    def _check_files(self) -> None:
        for place, written in uploaded(self.file):
            if not (self.folder / written).is_file():
                self._complain(place, f"there is no file '{written}' beside the flow file")

    # Browsers and people

    def _check_browsers(self) -> None:
        for place, browsing in browsings(self.file):
            for at, message in wrong_settings(browsing, place, self.folder, "flow file"):
                self._complain(at, message)
        for name, flow in self.file.flows.items():
            for at, message in wrong_people(name, flow, self.file, _steps_of(name, flow)):
                self._complain(at, message)


def _steps_of(name: str, flow: Flow) -> Iterator[tuple[Location, Step]]:
    yield from every_step(flow.steps, ("flows", name, "steps"))
    yield from every_step(flow.cleanup, ("flows", name, "cleanup"))


def _variables(value: Template) -> Iterator[str]:
    return (reference.name for reference in value.references if reference.kind == "variable")
