"""What `browser:` and `people:` say that cannot be: unknown time zones, files that are not there, nobody's steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from smokerunner.language.complaints import nearest
from smokerunner.language.nodes import Location
from smokerunner.model.browsing import Browsing
from smokerunner.model.flow import Flow, FlowFile
from smokerunner.model.step import Step

Complaint = tuple[Location, str]
Walked = Iterable[tuple[Location, Step]]


def browsings(file: FlowFile) -> Iterator[tuple[Location, Browsing]]:
    """Every `browser` of a file with its place."""
    if file.browser is not None:
        yield ("browser",), file.browser
    for name, flow in file.flows.items():
        if flow.browser is not None:
            yield ("flows", name, "browser"), flow.browser
        for person, settings in flow.people.items():
            if settings.browser is not None:
                yield ("flows", name, "people", person, "browser"), settings.browser


def wrong_settings(browsing: Browsing, place: Location, folder: Path, beside: str) -> Iterator[Complaint]:
    """What a `browser` names that does not exist; its files are looked for in `folder`, which is that of `beside`."""
    if browsing.timezone is not None:
        # The table of zones is read for few files.
        import zoneinfo

        # A machine without the table of zones leaves the question to the browser.
        zones = zoneinfo.available_timezones()
        if zones and browsing.timezone not in zones:
            near = nearest(browsing.timezone, sorted(zones)) or "; write it as Europe/Berlin"
            yield (*place, "timezone"), f"there is no time zone called '{browsing.timezone}'{near}"
    for index, item in enumerate(browsing.client_certificates):
        for key, path in (("certificate", item.certificate), ("key", item.key)):
            if path is not None and not (folder / path).is_file():
                said = f"there is no file '{path}' beside the {beside}"
                yield (*place, "client_certificates", index, key), said


def wrong_people(name: str, flow: Flow, file: FlowFile, steps: Walked) -> Iterator[Complaint]:
    """The steps of a flow that nobody does: `steps` are all of it with their places."""
    for place, step in steps:
        if step.as_ is not None and step.as_ not in flow.people:
            near = nearest(step.as_, list(flow.people)) or f"; add it to the flow: people: {{{step.as_}: {{}}}}"
            yield (*place, "as"), f"nobody called '{step.as_}' is among the flow's people{near}"
        other = str(step.acts_on) if step.action == "use" else None
        if other is None or other not in file.flows:
            continue
        for person in sorted(actors(file, other) & set(file.flows[other].people) - set(flow.people)):
            said = f"'{other}' has steps that '{person}' does, so '{name}' needs its own: people: {{{person}: …}}"
            yield (*place, "use"), said


def actors(file: FlowFile, name: str, through: tuple[str, ...] = ()) -> set[str]:
    """Who does steps of a flow beside its own user, those of the flows it uses included, those of its cleanup not."""
    if name in through or name not in file.flows:
        return set()
    found: set[str] = set()
    for step in _inside(file.flows[name].steps):
        if step.as_ is not None:
            found.add(step.as_)
        if step.action == "use":
            found |= actors(file, str(step.acts_on), (*through, name))
    return found


def _inside(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        for inner in step.children().values():
            yield from _inside(inner)
