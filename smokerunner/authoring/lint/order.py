"""Rules about what a file declares."""

from __future__ import annotations

from collections.abc import Iterator

from smokerunner.authoring.lint.rule import Finding, Fix, all_steps, used_steps
from smokerunner.authoring.sheet import Sheet
from smokerunner.language.load import LoadedFile
from smokerunner.language.nodes import Location
from smokerunner.model.template import Reference, references


def unused_variable(loaded: LoadedFile) -> Iterator[Finding]:
    """Variables that nothing refers to."""
    used = {reference.name for reference in _references(loaded) if reference.kind == "variable"}
    for name in loaded.file.variables:
        if name not in used:
            yield Finding(("variables", name), f"nothing uses ${{{name}}}; take it out", _removed(("variables", name)))
    for flow_name, flow in loaded.file.flows.items():
        for name in flow.variables:
            if name not in used:
                place = ("flows", flow_name, "variables", name)
                yield Finding(place, f"nothing uses ${{{name}}}; take it out", _removed(place))


def unused_secret(loaded: LoadedFile) -> Iterator[Finding]:
    """Secrets that nothing refers to, and that every run nevertheless promises to know."""
    used = {reference.name for reference in _references(loaded) if reference.kind in ("secret", "totp")}
    for index, secret in enumerate(loaded.file.secrets):
        if secret.name not in used:
            place = ("secrets", index)
            yield Finding(place, f"nothing uses ${{secrets.{secret.name}}}; take it out", _removed(place))


def idle_person(loaded: LoadedFile) -> Iterator[Finding]:
    """People of a flow who do none of its steps, nor of those that it uses or cleans up with."""
    for name, flow in loaded.file.flows.items():
        used = used_steps(loaded.file, (*flow.steps, *flow.cleanup))
        acting = {step.as_ for step in used}
        for person in flow.people:
            if person not in acting:
                said = f"no step is done by '{person}'; write `as: {person}` beside one, or take it out"
                yield Finding(("flows", name, "people", person), said)


def duplicate_title(loaded: LoadedFile) -> Iterator[Finding]:
    """Flows that a reader of the report cannot tell apart."""
    seen: dict[str, str] = {}
    for name, flow in loaded.file.flows.items():
        if flow.title is None:
            continue
        first = seen.setdefault(str(flow.title).casefold(), name)
        if first != name:
            said = f"'{first}' has the same title, so reports show two flows alike; say what differs"
            yield Finding(("flows", name, "title"), said)


def _references(loaded: LoadedFile) -> Iterator[Reference]:
    file = loaded.file
    for part in (file.variables, file.tolerate, file.dismiss, file.mask, file.browser):
        yield from (reference for _, reference in references(part))
    for flow in file.flows.values():
        yield from (reference for _, reference in references((flow.title, flow.variables, flow.browser, flow.people)))
    for _, step in all_steps(file):
        yield from (reference for _, reference in references(step))


def _removed(place: Location) -> Fix:
    def fix(sheet: Sheet) -> None:
        sheet.remove(place)

    return fix
