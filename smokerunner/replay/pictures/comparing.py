"""The pictures of an attempt beside the approved references, and what that makes of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import PurePosixPath

from smokerunner.evidence.folder import Folder
from smokerunner.model.comparison import Comparison
from smokerunner.model.geometry import Box
from smokerunner.model.number import counted
from smokerunner.model.outcome import Outcome, worst
from smokerunner.model.record import record
from smokerunner.model.result import Artifact, ArtifactKind, Result
from smokerunner.model.run import Browser
from smokerunner.model.step import Step
from smokerunner.model.visual import Mode, Visual
from smokerunner.pictures.compare import Compared, NoPicture, compare
from smokerunner.pictures.reference import References, without_facts

WHICH = {"reference": "the approved picture", "last passed": "the picture of the last passed run"}
"""What a picture is compared with, in words."""
_MOST_AREAS = 30


def picture_of(folder: Folder, step: Result) -> tuple[PurePosixPath, bytes] | None:
    """A step's picture, if it has one: its own path, which another file may stand for, and its bytes."""
    artifact = step.picture
    data = None if artifact is None else folder.read(artifact.same_as or artifact.path)
    return None if artifact is None or data is None else (PurePosixPath(artifact.path), data)


def keep_beside(folder: Folder, path: PurePosixPath, kind: ArtifactKind, data: bytes, title: str) -> Artifact:
    """Put an earlier picture, or the picture of a difference, into the evidence, near the picture it belongs to."""
    beside = f"{path.parent}/{kind}/{path.name}"
    folder.write(beside, data)
    return Artifact(kind=kind, path=beside, title=title)


@record
class Judged:
    """The steps with what came of comparing, one word about what could not be compared, and what warns the flow."""

    steps: list[Result]
    comparison: Comparison | None = None
    warnings: tuple[str, ...] = ()


@record
class Approved:
    """What an attempt's pictures are held against. `steps` are those performed, by the ids of their results."""

    references: References
    app: str
    flow: str
    visual: Visual
    """What the flow and its file say."""
    browser: Browser | None
    steps: Mapping[str, Step] = field(default_factory=dict)

    @property
    def is_strict(self) -> bool:
        """Whether the flow, or any step of it, must look as approved."""
        said = (self.visual, *(step.visual for step in self.steps.values()))
        return any(visual is not None and visual.mode == "strict" for visual in said)

    def judge(self, folder: Folder, results: Sequence[Result]) -> Judged:
        """Hold all pictures against their references. Where one is missing, `strict` warns; else that is only noted,
        and only in a flow of which other steps have theirs."""
        judged = [self._judged(folder, result, self.visual) for result in results]
        compared = {_shown(step) for top in judged for step in top.walk() if step.comparison is not None}
        missing: dict[bool, set[str]] = {True: set(), False: set()}
        for result in judged:
            for strict, path in self._missing(result, self.visual):
                missing[strict].add(path)
        # A picture that stands for several is one picture, whoever asks for it.
        strictly = missing[True] - compared
        loosely = missing[False] - compared - strictly
        warnings = (f"visual: strict, but {_lacking(strictly)}; smokerunner approve <bundle> makes them",)
        return Judged(judged, _not_compared(judged, loosely if compared else set()), warnings if strictly else ())

    def _visual(self, result: Result, outer: Visual) -> Visual:
        step = self.steps.get(result.id)
        return outer if step is None or step.visual is None else step.visual.within(outer)

    def _missing(self, result: Result, outer: Visual) -> Iterator[tuple[bool, str]]:
        """The pictures that were not held against any, each with whether it should have been strictly."""
        visual = self._visual(result, outer)
        for child in result.children:
            yield from self._missing(child, visual)
        # What went wrong cannot be approved, and says so itself.
        if visual.mode != "off" and result.outcome.is_good and result.comparison is None:
            yield from ((visual.mode == "strict", path) for path in filter(None, [_shown(result)]))

    def _judged(self, folder: Folder, result: Result, outer: Visual) -> Result:
        step = self.steps.get(result.id)
        visual = self._visual(result, outer)
        mode: Mode = visual.mode or "warn"
        result = _with_children(result, [self._judged(folder, child, visual) for child in result.children])
        if mode == "off" or result.outcome is Outcome.SKIPPED:
            return result
        comparison, artifacts = self._compared(folder, result, visual.tolerance or 0.0)
        if comparison is None:
            return result
        result = result.model_copy(
            update={"comparison": comparison, "artifacts": (*result.artifacts, *artifacts)},
        )
        lenient = step is not None and step.on_failure == "warn"
        return _told(result, comparison, strict=mode == "strict", lenient=lenient)

    def _compared(
        self, folder: Folder, result: Result, tolerance: float
    ) -> tuple[Comparison | None, tuple[Artifact, ...]]:
        found = picture_of(folder, result)
        if found is None:
            return None, ()
        path, picture = found
        reference = self.references.find(self.app, self.flow, path.name)
        if reference is None:
            return None, ()
        facts = reference.facts
        browser = self.browser.at(result) if self.browser is not None else None
        obstacle = reference.obstacle if facts is None else facts.obstacle(browser)
        if facts is None or obstacle:
            said = Comparison(against="reference", verdict="not comparable", message=f"{WHICH['reference']} {obstacle}")
            return said, ()
        earlier = without_facts(reference.data)
        return lay_beside(
            folder,
            Comparison(against="reference", verdict="same", run=facts.run),
            path=path,
            earlier=earlier,
            picture=picture,
            ignored=facts.dynamic,
            tolerance=tolerance,
        )


def lay_beside(
    folder: Folder,
    comparison: Comparison,
    *,
    path: PurePosixPath,
    earlier: bytes,
    picture: bytes,
    ignored: Iterable[Box] = (),
    tolerance: float = 0.0,
) -> tuple[Comparison, tuple[Artifact, ...]]:
    """What differs, with the files that show it."""
    which = WHICH[comparison.against]
    try:
        seen: Compared = compare(earlier, picture, ignored=ignored, tolerance=tolerance)
    except NoPicture as wrong:
        return comparison.model_copy(update={"verdict": "not comparable", "message": f"{which} is {wrong}"}), ()
    if seen.same or seen.difference is None:
        return comparison.model_copy(update={"changed": round(seen.changed, 6)}), ()
    before = keep_beside(folder, path, "earlier", earlier, which)
    difference = keep_beside(folder, path, "difference", seen.difference, "what differs")
    update = {
        "verdict": "differs",
        "message": seen.words,
        "earlier": before.path,
        "difference": difference.path,
        "changed": round(seen.changed, 6),
        "areas": seen.areas[:_MOST_AREAS],
    }
    return comparison.model_copy(update=update), (before, difference)


def _told(result: Result, comparison: Comparison, *, strict: bool, lenient: bool) -> Result:
    """The result with the outcome that the comparison asks for; one that is bad already stays as it is."""
    if result.outcome.is_bad or comparison.verdict == "same":
        return result
    said, outcome = comparison.complaint, Outcome.FAILED
    if comparison.verdict == "not comparable":
        outcome = Outcome.INCONCLUSIVE
        if not strict:
            return result
    if strict and not lenient:
        return result.model_copy(update={"outcome": outcome, "message": said})
    return result.model_copy(
        update={"outcome": worst((result.outcome, Outcome.WARNED)), "warnings": (*result.warnings, said)}
    )


def _with_children(result: Result, children: Sequence[Result]) -> Result:
    """The result with other children, at least as bad as they are."""
    if tuple(children) == result.children:
        return result
    outcome, message = worst((result.outcome, *(child.outcome for child in children))), result.message
    bad = next((child for child in children if child.outcome is outcome and outcome.is_bad), None)
    if bad is not None and outcome is not result.outcome:
        message = f"step {bad.number}: {bad.message}"
    return result.model_copy(update={"children": tuple(children), "outcome": outcome, "message": message})


def _shown(step: Result) -> str:
    """The file that holds a step's picture, which may be an earlier step's; empty when it has none."""
    artifact = step.picture
    return "" if artifact is None else artifact.same_as or artifact.path


def _lacking(pictures: set[str]) -> str:
    return f"{counted(len(pictures), 'picture')} {'has' if len(pictures) == 1 else 'have'} no approved reference"


def _not_compared(results: Sequence[Result], missing: set[str]) -> Comparison | None:
    obstacles = [
        below.comparison.message
        for result in results
        for below in result.walk()
        if below.comparison is not None and below.comparison.verdict == "not comparable"
    ]
    said = [f"{counted(len(obstacles), 'picture')} not compared: {obstacles[0]}"] if obstacles else []
    said += [_lacking(missing)] if missing else []
    return Comparison(against="reference", verdict="not comparable", message="; ".join(said)) if said else None
