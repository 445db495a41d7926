"""Pictures of bundles made references: the only place that writes them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from smokerunner.evidence.bundle import Bundle
from smokerunner.evidence.packing import DAMAGED
from smokerunner.evidence.verify import verify
from smokerunner.model.errors import BadInput
from smokerunner.model.geometry import Box
from smokerunner.model.number import counted
from smokerunner.model.result import Result
from smokerunner.pictures.compare import NoPicture, compare
from smokerunner.pictures.reference import Facts, Reference, References, without_facts

Change = Literal["new", "changed", "unchanged", "dynamic", "gone", "removed"]
_MARGIN = 12
"""Pixels, about a letter, that a dynamic area is larger than what differed: of a clock not every digit did."""


@dataclass(frozen=True)
class Candidate:
    """A step's picture that could become a reference."""

    result: Result
    picture: bytes
    facts: Facts

    @property
    def key(self) -> tuple[str, str, str]:
        """App, flow and step: where it belongs."""
        return self.facts.app, self.facts.flow, self.facts.step


@dataclass(frozen=True)
class Approval:
    """What became of one reference; `said` tells more, in words."""

    change: Change
    flow: str
    step: str
    said: str = ""


def open_proven(path: Path) -> Bundle:
    """A bundle that verifies. Raises BadInput for any other: nothing is approved that may have been changed."""
    problems = verify(path)
    if problems:
        more = f" (and {counted(len(problems) - 1, 'other problem')})" if len(problems) > 1 else ""
        raise BadInput(f"{path}: is not as it was sealed, so nothing of it is approved: {problems[0]}{more}")
    return Bundle.open(path)


def candidates(bundle: Bundle, flows: Sequence[str] = (), steps: Sequence[str] = ()) -> list[Candidate]:
    """The pictures of all good steps, or of those asked for: `steps` as people say them, `3` or `3.1`.

    A step that is bad only because it does not look as approved counts as good. Raises BadInput for names that are
    not in the bundle.
    """
    run = bundle.run
    known = list(dict.fromkeys(flow.flow_name for flow in run.flows))
    unknown = [
        f"{bundle.path}: no flow called '{name}' in it{instead(name, known)}" for name in flows if name not in known
    ]
    if unknown:
        raise BadInput("\n".join(unknown))
    found = []
    for flow in run.flows:
        for step in (below for top in flow.steps for below in top.walk()):
            artifact = step.picture
            if (flows and flow.flow_name not in flows) or (steps and step.number not in steps):
                continue
            if artifact is None or artifact.withheld or not _is_good(step):
                continue
            name = PurePosixPath(artifact.path).name
            browser = run.browser.at(step) if run.browser is not None else None
            facts = Facts.of(browser, app=run.app, flow=flow.flow_name, step=name, run=run.id)
            found.append(Candidate(step, _read(bundle, artifact.same_as or artifact.path), facts))
    if steps and not found:
        raise BadInput(f"{bundle.path}: no good step {' or '.join(steps)} with a picture in it")
    return found


def instead(name: str, known: Collection[str]) -> str:
    """What may have been meant by a name that is not known: the nearest one, else all there are."""
    near = difflib.get_close_matches(name, known, 1, 0.5)
    return f", did you mean '{near[0]}'?" if near else f"; there are {', '.join(sorted(known)) or 'none'}"


def _is_good(step: Result) -> bool:
    only_looks = step.comparison is not None and bool(step.message) and step.message == step.comparison.complaint
    return step.outcome.is_good or only_looks


def _read(bundle: Bundle, path: str) -> bytes:
    try:
        return bundle.read(path)
    except (KeyError, *DAMAGED) as wrong:
        raise BadInput(f"{bundle.path}: {path} cannot be read: {wrong}") from wrong


@dataclass(frozen=True)
class Approver:
    """Writes into one folder of references."""

    references: References

    def find(self, candidate: Candidate) -> Reference | None:
        """The reference that is there already. Raises BadInput for a bundle that names what cannot be a file."""
        try:
            return self.references.find(*candidate.key)
        except ValueError as wrong:
            raise BadInput(str(wrong)) from wrong
        except OSError as wrong:
            raise BadInput(f"{self.references.folder}: cannot be read: {wrong.strerror or wrong}") from wrong

    def approve(self, candidate: Candidate, others: Iterable[bytes] = ()) -> Approval:
        """Make it the reference. What differs from `others`, the same step in other runs, is dynamic from then on."""
        was = self.find(candidate)
        known = was.facts.dynamic if was is not None and was.facts is not None else ()
        fresh = [box for other in others for box in _differing(other, candidate.picture)]
        dynamic = merged((*_inside(known, candidate.picture), *fresh))
        facts = candidate.facts.model_copy(update={"dynamic": dynamic})
        said = f"{counted(len(dynamic), 'dynamic area')}" if dynamic else ""
        if was is not None and was.facts is not None:
            same = not _differing(without_facts(was.data), candidate.picture, dynamic)
            if same and was.facts.model_copy(update={"run": facts.run}) == facts:
                return self._told("unchanged", candidate, said)
        self._write(candidate.picture, facts)
        return self._told("new" if was is None else "changed", candidate, said)

    def mark_dynamic(self, candidate: Candidate) -> Approval:
        """Keep the reference, and do not compare any more where the candidate differs from it now."""
        was = self.find(candidate)
        if was is None or was.facts is None:
            return self.approve(candidate)
        earlier = without_facts(was.data)
        fresh = _differing(earlier, candidate.picture, was.facts.dynamic)
        if not fresh:
            return self._told("unchanged", candidate)
        dynamic = merged((*was.facts.dynamic, *fresh))
        self._write(earlier, was.facts.model_copy(update={"dynamic": dynamic}))
        return self._told("dynamic", candidate, counted(len(dynamic), "dynamic area"))

    def gone(self, bundle: Bundle, flows: Sequence[str] = (), *, prune: bool = False) -> list[Approval]:
        """References of steps that the flows of this bundle do not have any more; removed if `prune` says so."""
        found = []
        for flow in bundle.run.flows:
            if not flow.outcome.is_good or (flows and flow.flow_name not in flows):
                continue
            pictures = [step.picture for top in flow.steps for step in top.walk()]
            names = {PurePosixPath(picture.path).name for picture in pictures if picture is not None}
            for step in self.references.steps(bundle.run.app, flow.flow_name):
                if names and step not in names:
                    if prune:
                        self.references.remove(bundle.run.app, flow.flow_name, step)
                    found.append(Approval("removed" if prune else "gone", flow.flow_name, step))
        return found

    def restore(self, candidate: Candidate, was: Reference | None) -> None:
        """Put back what was there before."""
        if was is None:
            self.references.remove(*candidate.key)
        else:
            self.references.put(candidate.key, was.data)

    def _write(self, picture: bytes, facts: Facts) -> None:
        try:
            self.references.write(picture, facts)
        except OSError as wrong:
            raise BadInput(f"{self.references.folder}: cannot be written: {wrong.strerror or wrong}") from wrong

    def _told(self, change: Change, candidate: Candidate, said: str = "") -> Approval:
        return Approval(change, candidate.facts.flow, candidate.facts.step, said)


def approve_bundles(
    bundles: Sequence[Bundle],
    approver: Approver,
    *,
    flows: Sequence[str] = (),
    steps: Sequence[str] = (),
    dynamic: bool = False,
    prune: bool = False,
) -> list[Approval]:
    """Approve what these bundles show; of several runs the newest, and what differs between them is dynamic."""
    runs = sorted(bundles, key=lambda bundle: bundle.run.started)
    by_key: dict[tuple[str, str, str], list[Candidate]] = {}
    for bundle in runs:
        for candidate in candidates(bundle, flows, steps):
            by_key.setdefault(candidate.key, []).append(candidate)
    done = []
    for found in by_key.values():
        newest = found[-1]
        others = [other.picture for other in found[:-1] if _alike(other, newest)]
        done.append(approver.mark_dynamic(newest) if dynamic else approver.approve(newest, others))
    if not steps:
        for bundle in runs[-1:]:
            done += approver.gone(bundle, flows, prune=prune)
    return done


def _alike(one: Candidate, other: Candidate) -> bool:
    return one.facts.model_copy(update={"run": other.facts.run}) == other.facts


def _differing(before: bytes, after: bytes, ignored: Iterable[Box] = ()) -> tuple[Box, ...]:
    try:
        areas = compare(before, after, ignored=ignored, draw=False).areas
    except NoPicture as wrong:
        raise BadInput(f"a picture is {wrong}") from wrong
    return tuple(map(_wider, areas))


def _wider(box: Box) -> Box:
    left, top = max(box.x - _MARGIN, 0), max(box.y - _MARGIN, 0)
    return Box(x=left, y=top, width=box.x + box.width + _MARGIN - left, height=box.y + box.height + _MARGIN - top)


def _inside(boxes: Iterable[Box], picture: bytes) -> list[Box]:
    """Those that still lie in the picture, at least in part."""
    width, height = int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
    return [box for box in boxes if box.x < width and box.y < height]


def merged(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """The same areas, those that overlap as one."""
    left = list(boxes)
    whole: list[Box] = []
    while left:
        box = left.pop(0)
        touching = [other for other in (*whole, *left) if _overlap(box, other)]
        if not touching:
            whole.append(box)
            continue
        whole = [other for other in whole if other not in touching]
        left = [_around((box, *touching)), *(other for other in left if other not in touching)]
    return tuple(whole)


def _overlap(one: Box, other: Box) -> bool:
    return (
        one.x <= other.x + other.width
        and other.x <= one.x + one.width
        and one.y <= other.y + other.height
        and other.y <= one.y + one.height
    )


def _around(boxes: Sequence[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(x=left, y=top, width=right - left, height=bottom - top)
