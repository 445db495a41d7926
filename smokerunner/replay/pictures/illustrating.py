"""Contact sheet, film and thumbnails of a flow that has ended, drawn from the masked pictures in the evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from smokerunner.evidence.folder import Folder
from smokerunner.model.errors import Unavailable
from smokerunner.model.outcome import Outcome
from smokerunner.model.record import record
from smokerunner.model.result import Artifact, Result
from smokerunner.model.run import Run
from smokerunner.model.secret import Secrets
from smokerunner.pictures.animation import animated
from smokerunner.pictures.frame import Frame, Headline, Shot
from smokerunner.pictures.prints import Prints
from smokerunner.pictures.sheet import contact_sheet
from smokerunner.pictures.thumbnail import detail, thumbnail
from smokerunner.replay.options import Keep
from smokerunner.reports.html.shots import Frame as Viewport
from smokerunner.reports.html.shots import detail_of

_BETWEEN = "\x01\n\x01"


@record
class Drawn:
    """A flow with what was drawn for it, and a note for each picture that could not be made."""

    flow: Result
    notes: tuple[str, ...] = ()


def words_of(run: Run, flow: Result, secrets: Secrets) -> dict[str, str]:
    """Every text that may be drawn for a flow, and how it is drawn: with all masked that is known to be secret by now.

    Letters in a picture cannot be searched afterwards. Not to be called while another thread may add a secret.
    """
    texts = {flow.name, _about(run), *(finding.title for finding in flow.diagnoses)}
    for result in flow.walk():
        texts |= {result.title, result.message, *result.warnings, *(finding.title for finding in result.diagnoses)}
    together = _BETWEEN.join(sorted(texts)).encode("utf-8", "surrogatepass")
    # Results are masked when they are made, so there is seldom anything to find, and one look at all of them is enough.
    if secrets.scrub_bytes(together) is together and texts.isdisjoint(secrets.raw):
        return {text: text for text in texts}
    return {text: secrets.scrub(text) for text in texts}


def illustrate(
    folder: Folder, run: Run, flow: Result, keep: Keep, words: Mapping[str, str], prints: Prints | None = None
) -> Drawn:
    """Draw for one flow; of `run` all is used but its results. Nothing is drawn for a flow that did not run.

    `keep` is what was said of pictures: for all flows, for bad ones, or for none. `words` are those of `words_of`.
    `prints` are those that were made of its pictures already.
    """
    wanted = flow.outcome.is_bad if keep == "failure" else keep == "on"
    ran = flow.kind == "flow" and flow.outcome is not Outcome.SKIPPED and flow.deciding is not None
    if not ran or not wanted:
        return Drawn(flow)
    notes: list[str] = []
    return Drawn(_Illustrator(folder, run, flow, notes, words).flow(prints or Prints()), tuple(notes))


def _about(run: Run) -> str:
    """Which app was tested where."""
    release = run.release.before or run.release.expected
    return "  ·  ".join([run.app, run.environment, *([f"release {release}"] if release else [])])


class _Illustrator:
    """Draws for one flow."""

    def __init__(self, folder: Folder, run: Run, flow: Result, notes: list[str], words: Mapping[str, str]) -> None:
        self._folder = folder
        self._run = run
        self._flow = flow
        self._notes = notes
        self._words = words
        self._files: dict[str, bytes | None] = {}

    def flow(self, prints: Prints) -> Result:
        """The flow with its sheet and its film, and a thumbnail for each step of any attempt that asks for a look."""
        frames = [self._frame(step) for step in _acting(self._flow.steps)]
        made = []
        if any(frame.shown is not None for frame in frames):
            headline = self._headline()
            place = f"flows/{self._flow.name}"
            # The film first: it goes through the pictures in order, and leaves the small prints for the sheet.
            film = self._kept("animation", f"{place}/flow.webp", lambda: animated(headline, frames, prints))
            sheet = self._kept("sheet", f"{place}/sheet.jpg", lambda: contact_sheet(headline, frames, prints))
            made = [*sheet, *film]
        children = tuple(self._with_thumbnails(child) for child in self._flow.children)
        return self._flow.model_copy(update={"artifacts": (*self._flow.artifacts, *made), "children": children})

    def _with_thumbnails(self, result: Result) -> Result:
        children = tuple(self._with_thumbnails(child) for child in result.children)
        made: list[Artifact] = []
        if result.kind == "step" and (result.outcome.is_bad or result.outcome is Outcome.WARNED or _differs(result)):
            picture = result.picture or result.before
            if picture is not None:
                made = self._thumbnails(result, f"{PurePosixPath(picture.path).parent}/{result.name}")
        if not made and children == result.children:
            return result
        return result.model_copy(update={"artifacts": (*result.artifacts, *made), "children": children})

    def _thumbnails(self, step: Result, place: str) -> list[Artifact]:
        """How a step looks, and beside it how it looked earlier, with the place that differs most."""
        shot, beside = self._frame(step).shown, next((item for item in step.artifacts if item.kind == "earlier"), None)
        now, earlier = self._read(step.picture), self._read(beside)
        compared = _differs(step) and now is not None and earlier is not None
        if compared and now is not None and not step.outcome.is_bad:
            # Beside the earlier page stands the same page as it is now, and the report draws over it what differs.
            shot = Shot(now)
        made: list[Artifact] = []
        if shot is not None:
            made += self._kept("thumbnail", f"{place}-thumbnail.webp", lambda: thumbnail(shot))
        if not compared or now is None or earlier is None:
            return made
        made += self._kept("thumbnail", f"{place}-earlier-thumbnail.webp", lambda: thumbnail(Shot(earlier)), "earlier")
        box = detail_of(step, Viewport.of(self._run))
        if box is not None:
            path = f"{place}-earlier-detail-thumbnail.webp"
            made += self._kept("thumbnail", f"{place}-detail-thumbnail.webp", lambda: detail(now, box), "detail")
            made += self._kept("thumbnail", path, lambda: detail(earlier, box), "earlier detail")
        return made

    def _kept(self, kind: str, path: str, draw: Callable[[], bytes], title: str = "") -> list[Artifact]:
        try:
            self._folder.write(path, draw())
        except Unavailable as wrong:
            self._notes.append(f"{path} could not be drawn: {wrong}")
            return []
        return [Artifact.model_validate({"kind": kind, "path": path, "title": title})]

    def _headline(self) -> Headline:
        flow = self._flow
        return Headline(
            title=self._words[flow.title or flow.name],
            about=self._words[_about(self._run)],
            when=f"{flow.started:%Y-%m-%d %H:%M:%S} UTC",
            outcome=flow.outcome,
            seconds=flow.seconds,
        )

    def _frame(self, step: Result) -> Frame:
        before, after = self._read(step.before), self._read(step.picture)
        # Where the page before the action was not kept, the outline fits the page after it as well as can be.
        fits = before is None and not self._is_longer(step)
        said = self._cause(step) or step.message or next(iter(step.warnings), "")
        return Frame(
            number=step.number,
            title=self._words[step.title],
            outcome=step.outcome,
            seconds=step.seconds,
            message=self._words[said] if said else "",
            before=None if before is None else Shot(before, step.box, step.point),
            after=None if after is None else Shot(after, step.box if fits else None, step.point if fits else None),
        )

    def _cause(self, step: Result) -> str:
        """The likeliest cause of a step that broke the flow: it is short, where the raw message would be cut."""
        found = (*self._flow.diagnoses, *step.diagnoses) if step.outcome.is_bad else ()
        return next((finding.title for finding in found if finding.step in ("", step.id)), "")

    def _read(self, artifact: Artifact | None) -> bytes | None:
        if artifact is None:
            return None
        path = artifact.same_as or artifact.path
        # Most pictures stand for the end of one step and the beginning of the next.
        if path not in self._files:
            self._files[path] = self._folder.read(path)
        return self._files[path]

    def _is_longer(self, step: Result) -> bool:
        """Whether the picture shows more than the window, in which boxes are measured."""
        viewport = self._run.browser.at(step).viewport if self._run.browser is not None else ""
        return bool(viewport) and step.picture is not None and step.picture.title != viewport


def _differs(step: Result) -> bool:
    return step.comparison is not None and step.comparison.verdict == "differs"


def _acting(steps: tuple[Result, ...]) -> list[Result]:
    """The steps by their numbers, without those that only hold others."""
    found = []
    for step in steps:
        if not step.children or step.box is not None:
            found.append(step)
        found += _acting(step.children)
    return found
