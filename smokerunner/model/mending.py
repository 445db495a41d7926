"""A change to the flow file that a person may take over."""

from pydantic import Field

from smokerunner.model.frozen import Frozen


class Mend(Frozen):
    """A target that was found in another way than it is written."""

    found: str = Field(description="The target as it stands, in words.")
    instead: dict[str, object] = Field(description="The target that was found, ready to paste.")
    role: str = Field(default="", description="The role of the element that was found, as a screen reader says it.")
    name: str = Field(
        default="", description="Its accessible name, when the target with this name instead of its own finds it alone."
    )
