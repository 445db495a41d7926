"""What a drawn picture of a flow is made from: its steps with their pictures, and the words around them."""

from __future__ import annotations

from smokerunner.model.geometry import Box, Point
from smokerunner.model.outcome import Outcome
from smokerunner.model.record import record


@record
class Shot:
    """A clean picture as it lies in the evidence, a PNG, and what is outlined in it, in its own pixels."""

    data: bytes
    box: Box | None = None
    point: Point | None = None


@record
class Frame:
    """One step. `before` is there when the step acted on an element: the box and the click point belong to it."""

    number: str
    title: str
    outcome: Outcome
    seconds: float = 0.0
    message: str = ""
    before: Shot | None = None
    after: Shot | None = None

    @property
    def shown(self) -> Shot | None:
        """The one picture that tells most: what was acted on; of a bad step, how far the page came."""
        if self.outcome.is_bad:
            return self.after or self.before
        return self.before or self.after


@record
class Headline:
    """The words above the steps of one flow; `about` says app, environment and release."""

    title: str
    about: str
    when: str
    outcome: Outcome
    seconds: float
