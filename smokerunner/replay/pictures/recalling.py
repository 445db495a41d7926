"""The same steps in the last passed run, laid beside those that were bad or warned and have no approved picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from smokerunner.evidence.bundle import Bundle
from smokerunner.evidence.folder import Folder
from smokerunner.evidence.packing import DAMAGED
from smokerunner.model.comparison import Comparison
from smokerunner.model.errors import BadInput
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, Result
from smokerunner.model.run import Browser, Past
from smokerunner.pictures.reference import Facts
from smokerunner.replay.pictures.comparing import WHICH, keep_beside, lay_beside, picture_of


class LastPassed:
    """The last passed runs of a run's flows. Only those whose bundles still lie in the same place can be shown."""

    def __init__(self, folder: Folder, past: Mapping[str, Past], browser: Browser | None) -> None:
        self._folder = folder
        self._past = past
        self._browser = browser
        self._opened: tuple[str, Bundle | None] = ("", None)
        """The bundle that was asked for last: most flows passed in the same run, and a large one takes a while."""

    def beside(self, result: Result) -> tuple[Result, list[str]]:
        """The result with the same step's picture of its last passed run beside each bad or warned step.

        That is information and changes no outcome. What is wrong with that run's bundle is said in the list.
        """
        known = self._past.get(result.flow_name) if result.kind == "flow" else None
        if known is None or known.last_passed_run is None or not any(map(_is_open, result.walk())):
            return result, []
        notes: list[str] = []
        if self._opened[0] != known.last_passed_run:
            self._opened = (known.last_passed_run, _opened(self._folder.out, known.last_passed_run, notes))
        bundle = self._opened[1]
        return (result if bundle is None else _Past(self._folder, bundle, self._browser).shown(result)), notes


def _is_open(result: Result) -> bool:
    """Whether a look at an earlier picture may help and there is none yet."""
    wanted = result.outcome.is_bad or result.outcome is Outcome.WARNED
    compared = result.comparison is not None and result.comparison.verdict != "not comparable"
    return result.kind == "step" and wanted and not compared and result.picture is not None


def _opened(out: Path, run_id: str, notes: list[str]) -> Bundle | None:
    path = next((found for found in (out / run_id, out / f"{run_id}.zip") if found.exists()), None)
    try:
        return None if path is None else Bundle.open(path)
    except BadInput as wrong:
        notes.append(f"the last passed run cannot be shown: {wrong}")
        return None


class _Past:
    """The pictures of a flow that passed, by their names, and by number and action of their steps."""

    def __init__(self, folder: Folder, bundle: Bundle, browser: Browser | None) -> None:
        self._folder = folder
        self._bundle = bundle
        self._browser = browser
        self._steps: dict[object, Result] = {}

    def shown(self, flow: Result) -> Result:
        """The flow with the earlier pictures beside its open steps."""
        earlier = next((found for found in self._bundle.run.flows if found.name == flow.flow_name), None)
        for step in (below for top in (earlier.steps if earlier else ()) for below in top.walk()):
            if step.picture is not None:
                self._steps[PurePosixPath(step.picture.path).name] = step
                self._steps[step.name, step.action] = step
        return self._below(flow)

    def _below(self, result: Result) -> Result:
        if result.kind == "cleanup":
            return result
        children = tuple(map(self._below, result.children))
        result = result if children == result.children else result.model_copy(update={"children": children})
        found = picture_of(self._folder, result) if _is_open(result) else None
        return result if found is None else self._beside(result, *found)

    def _beside(self, step: Result, path: PurePosixPath, picture: bytes) -> Result:
        earlier = self._steps.get(path.name) or self._steps.get((step.name, step.action))
        before = self._picture(earlier)
        if earlier is None or before is None:
            return step
        obstacle = self._obstacle(earlier, step)
        comparison = Comparison(against="last passed", verdict="same", run=self._bundle.run.id)
        artifacts: tuple[Artifact, ...]
        if obstacle:
            which = WHICH["last passed"]
            kept = keep_beside(self._folder, path, "earlier", before, which)
            said = {"verdict": "not comparable", "message": f"{which} {obstacle}", "earlier": kept.path}
            comparison, artifacts = comparison.model_copy(update=said), (kept,)
        else:
            comparison, artifacts = lay_beside(self._folder, comparison, path=path, earlier=before, picture=picture)
        return step.model_copy(update={"comparison": comparison, "artifacts": (*step.artifacts, *artifacts)})

    def _obstacle(self, earlier: Result, step: Result) -> str:
        """Why the two pictures cannot be compared; empty when they can."""
        then, now = self._bundle.run.browser, self._browser
        was = Facts.of(None if then is None else then.at(earlier), app="", flow="", step="", run="")
        return was.obstacle(None if now is None else now.at(step))

    def _picture(self, step: Result | None) -> bytes | None:
        artifact = None if step is None else step.picture
        if artifact is None or artifact.withheld:
            return None
        try:
            return self._bundle.find(artifact.same_as or artifact.path)
        except DAMAGED:
            # A file of an old bundle that cannot be read any more is as good as none; `verify` tells of it.
            return None
