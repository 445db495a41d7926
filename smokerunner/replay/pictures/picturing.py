"""The pictures of a step: what may be shown, where the file goes, and what is said when a picture is lost."""

from __future__ import annotations

from typing import Literal

from smokerunner.browser.capture import picture, size
from smokerunner.browser.tab import Tab
from smokerunner.model.context import Notes
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact
from smokerunner.model.step import Step
from smokerunner.model.target import Target
from smokerunner.replay.attempt import Verdict, attempt
from smokerunner.replay.pictures.album import View
from smokerunner.replay.scope import Scope
from smokerunner.replay.stage import Stage

_PATIENCE = 10.0
_PATIENCE_BEFORE = 3.0
"""Seconds that a picture may take; the one before an action holds the action up."""


class Picturing:
    """The pictures of one step. It hears from `notes` that the step is about to act."""

    def __init__(self, stage: Stage, step: Step, tab: Tab, scope: Scope, label: str, notes: Notes) -> None:
        self._stage = stage
        self._step = step
        self._tab = tab
        self._scope = scope
        self._label = label
        self._notes = notes
        self._before: Verdict | None = None
        self.at = ""
        """Where the page was when it was pictured; empty when it was not."""
        self.seconds = 0.0
        """How long the step was held up by its pictures."""
        if step.changes and step.picture is not False and stage.world.options.pictures == "on":
            notes.acting = self._picture_before

    async def after(self, outcome: Outcome) -> tuple[tuple[Artifact, ...], list[str]]:
        """The pictures before and after the step, and a warning for each that should be there and is not."""
        self._stage.secret_fields += self._notes.secret_fields
        wanted = {"on": True, "off": False, "failure": outcome.is_bad}[self._stage.world.options.pictures]
        # A window that closes itself when it has done its work leaves nothing to look at.
        gone = self._tab.has_closed and not outcome.is_bad
        before = [("before", self._before)] if self._before is not None else []
        if self._step.picture is False or not wanted or gone:
            if self._step.changes:
                self._stage.album.forget(self._tab)
            return _told(before)
        full_page = self._step.picture == "full_page"
        path = f"{self._label}-{self._step.slug}.png"
        taken = await attempt(
            self._picture("picture", path, full_page=full_page, timeout=_PATIENCE, anew=self._step.changes)
        )
        if taken.outcome is Outcome.PASSED:
            self.at = self._tab.url
        return _told([("picture", taken), *before])

    async def _picture_before(self) -> None:
        """The page as the step finds it: its last picture if nothing was painted since, else a new one."""
        clock = self._stage.world.clock
        began = clock.monotonic()
        path = f"{self._label}-before.png"
        self._before = await attempt(
            self._picture("before", path, full_page=False, timeout=_PATIENCE_BEFORE, anew=False)
        )
        self.seconds += clock.monotonic() - began

    async def _picture(
        self, kind: Literal["picture", "before"], name: str, *, full_page: bool, timeout: float, anew: bool
    ) -> Artifact:
        world, album = self._stage.world, self._stage.album
        masks = self._masks()
        view = View(tuple(map(repr, masks)), world.secrets.raw, full_page)
        path = f"{self._stage.place}/{name}"
        same = None if anew else await album.same(self._tab, view)
        if same is None:
            if anew:
                album.forget(self._tab)
            secrets = world.secrets.raw
            shot = await picture(self._tab, masks=masks, secrets=secrets, full_page=full_page, timeout=timeout)
            same = album.equal(self._tab, view, shot)
            if same is None:
                width, height = size(shot.png)
                artifact = world.keep(kind, path, shot.png, f"{width}x{height}")
                album.keep(self._tab, view, artifact, shot)
                return artifact
        return Artifact(kind=kind, path=path, title=same.title, same_as=same.path)

    def _masks(self) -> list[Target]:
        # What the step itself is going to fill joins the secret fields when it has; until then it holds nothing new.
        masks = (*self._stage.world.file.mask, *self._step.mask, *self._stage.secret_fields)
        return [self._scope.render(mask) for mask in dict.fromkeys(masks)]


def _told(pictures: list[tuple[str, Verdict]]) -> tuple[tuple[Artifact, ...], list[str]]:
    which = {"picture": "its picture", "before": "its picture before it acted"}
    good = [taken for _, taken in pictures if taken.outcome is Outcome.PASSED]
    lost = [f"{which[kind]} was lost: {taken.message}" for kind, taken in pictures if taken not in good]
    return tuple(taken.value for taken in good), lost
