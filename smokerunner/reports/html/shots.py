"""Which pictures of a step are shown, and which of them the page holds itself."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Literal

from smokerunner.model.geometry import Box, Point
from smokerunner.model.record import record
from smokerunner.model.rendering import Read
from smokerunner.model.result import Artifact, Result
from smokerunner.model.run import Run
from smokerunner.reports.html.differing import differs, is_another_page
from smokerunner.reports.html.steps import StepView
from smokerunner.reports.wording import file_of

INLINED = 1_500_000
"""How many bytes of the page its own small pictures may take, as base64."""

_MOST_HELD = 3
"""So many steps of a flow have their pictures in the page itself."""

_TALLEST = 1.25
"""Height to width; the small view of a taller picture shows its upper part."""
_SIZE = re.compile(r"(\d+)x(\d+)")


@record
class Frame:
    """The size of the pictures in CSS pixels, which is also that of boxes and points."""

    width: int = 1280
    height: int = 720

    @classmethod
    def of(cls, run: Run) -> Frame:
        """The viewport of a run; the usual one when no browser was needed."""
        return cls._read(run.browser.viewport if run.browser else "") or cls()

    @classmethod
    def others(cls, run: Run) -> tuple[Frame, ...]:
        """The windows of single steps that are not the run's."""
        found = dict.fromkeys(below.viewport for result in run.results for below in result.walk() if below.viewport)
        return tuple(frame for frame in map(cls._read, found) if frame is not None)

    @classmethod
    def _read(cls, size: str) -> Frame | None:
        found = _SIZE.fullmatch(size)
        return cls(int(found[1]), int(found[2])) if found and int(found[1]) and int(found[2]) else None

    def at(self, step: Result) -> Frame:
        """The window of a step: this one, unless its flow or its person has another."""
        return self._read(step.viewport) or self

    @property
    def name(self) -> str:
        """A class for pictures of this size."""
        return f"w{self.width}x{self.height}"

    @property
    def ratio(self) -> str:
        """The width to height of a small view, as CSS writes it."""
        return f"{self.width} / {min(self.height, round(self.width * _TALLEST))}"

    @property
    def dot(self) -> float:
        """The radius of the click point: the same part of every width."""
        return round(self.width * 0.014, 1)


@record
class Shot:
    """A picture as it is shown: `path` is relative to the bundle; `box`, `point` and `areas` are drawn over it."""

    kind: Literal["before", "after", "earlier", "difference"]
    path: str = ""
    withheld: str = ""
    box: Box | None = None
    point: Point | None = None
    areas: tuple[Box, ...] = ()


def after_of(step: Result) -> Shot | None:
    """The page when the step had settled."""
    return _shot("after", step.picture)


def before_of(step: Result) -> Shot | None:
    """The page just before the step acted, with what it acted on; None when it touched no element."""
    artifact = step.before
    if artifact is None or not (step.box or step.point):
        return None
    return _shot("before", artifact, step.box, step.point)


def looks_of(step: Result) -> list[Shot]:
    """All pictures that tell what happened at a step: how it looked earlier, now, the difference, and before it."""
    comparison = step.comparison
    found: list[Shot] = []
    after = after_of(step)
    if comparison is not None:
        found += [shot for shot in [_named(step, "earlier", comparison.earlier)] if shot]
    if after is not None:
        found.append(Shot(after.kind, after.path, after.withheld, areas=_areas(step)))
    if comparison is not None:
        found += [shot for shot in [_named(step, "difference", comparison.difference)] if shot]
    before = before_of(step)
    if before is None:
        return found
    # Earlier and now stand side by side; without an earlier picture the order is that of time.
    return [*found, before] if comparison is not None else [before, *found]


def reaches_below(step: Result, frame: Frame) -> bool:
    """Whether something differs below what a small view of a long page shows."""
    frame = frame.at(step)
    return any(area.y + area.height > frame.height for area in _areas(step))


def cut_of(step: Result, frame: Frame) -> int:
    """Where the slider begins, in per cent of the width: in the middle of the largest place that differs."""
    frame = frame.at(step)
    area = next(iter(step.comparison.areas if step.comparison else ()), None)
    return 50 if area is None else min(max(round((area.x + area.width / 2) / frame.width * 100), 5), 95)


def detail_of(step: Result, frame: Frame) -> Box | None:
    """The surroundings of the largest place that differs, where it is too small to be seen on the whole picture."""
    comparison, after, frame = step.comparison, after_of(step), frame.at(step)
    if comparison is None or not _areas(step) or not comparison.earlier:
        return None
    if after is None or not after.path:
        return None
    area = max(comparison.areas, key=lambda area: area.width * area.height)
    width, height = max(area.width * 1.5, frame.width / 5), max(area.height * 1.5, frame.height / 6)
    if width > frame.width / 2 or height > frame.height / 2:
        return None
    x, y = area.x + area.width / 2 - width / 2, area.y + area.height / 2 - height / 2
    return Box(x=max(min(x, frame.width - width), 0), y=max(y, 0), width=width, height=height)


def strip_shots(steps: list[StepView]) -> list[list[Shot]]:
    """What each card of a strip shows: the page before an act with its mark, else the page after it.

    The page after an act is the next card's page before; where it is not, the card shows both.
    """
    found: list[list[Shot]] = []
    for at, step in enumerate(steps):
        before, after = before_of(step.result), after_of(step.result)
        following = steps[at + 1].result if at + 1 < len(steps) else None
        told_next = following is not None and after is not None and after.path in _paths_shown(following)
        shots = [before] if before else []
        if after is not None and not (before and told_next):
            shots.append(after)
        found.append(shots)
    return found


def inlined(read: Read, flows: Iterable[Result]) -> dict[str, dict[str, str]]:
    """The small pictures that the page holds itself, as data addresses by the id of their step and by what they show.

    The first step of every flow that asks for a look comes before all others, and of each the page as it is now before
    the earlier one, and that before the details; flows in the order given, until the room is taken.
    """
    chosen = [_held(flow) for flow in flows]
    room = INLINED
    found: dict[str, dict[str, str]] = {}
    for steps in ([step for held in chosen for step in held[:1]], [step for held in chosen for step in held[1:]]):
        for kinds in (("",), ("earlier",), ("detail", "earlier detail")):
            for step in steps:
                pictures = {kind: data for kind in kinds if (data := _address(read, step, kind))}
                size = sum(map(len, pictures.values()))
                if len(pictures) == len(kinds) and size <= room:
                    room -= size
                    found.setdefault(step.id, {}).update(pictures)
    return found


def _held(flow: Result) -> list[Result]:
    """The steps of a flow whose pictures the page should hold: bad ones of the attempt that decided first."""
    deciding = flow.deciding
    steps = [below for below in flow.walk() if (below.outcome.is_bad or differs(below)) and _thumbnail(below, "")]
    steps.sort(key=lambda step: deciding is None or not step.id.startswith(f"{deciding.id}/"))
    return sorted(steps, key=lambda step: not step.outcome.is_bad)[:_MOST_HELD]


def _address(read: Read, step: Result, kind: str) -> str:
    path = _thumbnail(step, kind)
    data = read(path) if path else None
    return f"data:image/webp;base64,{base64.b64encode(data).decode()}" if data else ""


def _thumbnail(step: Result, kind: str) -> str | None:
    return next((file_of(item) for item in step.artifacts if item.kind == "thumbnail" and item.title == kind), None)


def _areas(step: Result) -> tuple[Box, ...]:
    """What is framed. Of another page everything differs: frames would only hide it."""
    comparison = step.comparison
    hidden = comparison is None or step.outcome.is_bad or is_another_page(comparison)
    return () if hidden or comparison is None else comparison.areas


def _paths_shown(step: Result) -> set[str]:
    before, after = before_of(step), after_of(step)
    return {shot.path for shot in (before, None if before else after) if shot is not None}


def _named(step: Result, kind: Literal["earlier", "difference"], path: str) -> Shot | None:
    artifact = next((item for item in step.artifacts if item.kind == kind), None)
    if artifact is not None:
        return _shot(kind, artifact)
    return Shot(kind, path) if path else None


def _shot(
    kind: Literal["before", "after", "earlier", "difference"],
    artifact: Artifact | None,
    box: Box | None = None,
    point: Point | None = None,
) -> Shot | None:
    if artifact is None:
        return None
    return Shot(kind, file_of(artifact) or "", artifact.withheld or "", box, point)
