"""A step's picture beside an earlier one: the approved reference, or the same step in the last passed run."""

from typing import Literal

from pydantic import Field

from smokerunner.model.frozen import Frozen
from smokerunner.model.geometry import Box


class Comparison(Frozen):
    """What came of comparing. All paths are relative to the bundle, with forward slashes."""

    against: Literal["reference", "last passed"]
    verdict: Literal["same", "differs", "not comparable"]
    message: str = Field(
        default="",
        description="What differs, in words; or why the two cannot be compared: another browser or size.",
    )
    earlier: str = Field(default="", description="The earlier picture; empty when it was not put into the bundle.")
    difference: str = Field(default="", description="The picture of what differs; empty when nothing does.")
    changed: float = Field(default=0.0, description="The part of all pixels that differ, 0 to 1, masks left out.")
    areas: tuple[Box, ...] = Field(default=(), description="Where they differ.")
    run: str = Field(default="", description="The run that the earlier picture is from.")

    @property
    def complaint(self) -> str:
        """What a step says whose picture is not as approved; empty when it is."""
        began = {"differs": "does not look as approved", "not comparable": "cannot be compared"}.get(self.verdict)
        return f"{began}: {self.message}" if began else ""
