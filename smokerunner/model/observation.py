"""What was seen around a step that was bad: recorded once, so that its cause can be named then and later."""

from __future__ import annotations

from smokerunner.model.frozen import Frozen


class Observation(Frozen):
    """The scene of a failure, masked like everything else. Diagnoses are functions of it."""

    url: str = ""
    title: str = ""
    status: int | None = None
