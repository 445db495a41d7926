"""What a browser measures of a page as its visitor feels it."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from smokerunner.model.frozen import Frozen

Rating = Literal["good", "needs improvement", "poor"]
LIMITS: dict[str, tuple[float, float]] = {"lcp": (2500, 4000), "inp": (200, 500), "cls": (0.1, 0.25)}
"""Up to the first a value is good, beyond the second poor: https://web.dev/articles/vitals"""


class Vitals(Frozen):
    """The web vitals of one document, so far. Milliseconds from the start of its loading, and a share without unit."""

    url: str
    began: datetime | None = Field(default=None, description="When it began to load, which tells documents apart.")
    lcp: float | None = Field(default=None, description="Largest contentful paint, in milliseconds.")
    cls: float | None = Field(default=None, description="Cumulative layout shift, without unit.")
    inp: float | None = Field(default=None, description="Interaction to next paint, in milliseconds.")

    def rating(self, name: str) -> Rating | None:
        """How lcp, cls or inp is rated; None when it was not measured."""
        value: float | None = getattr(self, name)
        if value is None:
            return None
        good, poor = LIMITS[name]
        return "good" if value <= good else "needs improvement" if value <= poor else "poor"
