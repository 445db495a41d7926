"""An extra picture."""

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from smokerunner.model.flow import Name
from smokerunner.model.kind import Kind
from smokerunner.model.step import Seen, Step

if TYPE_CHECKING:
    from smokerunner.model.context import Context


class Screenshot(Step):
    """Take a picture with a name of its own; beside it `picture: full_page` for all of the page.

    Example: `screenshot: price-list`
    """

    action: ClassVar[str] = "screenshot"
    changes: ClassVar[bool] = False
    spends: ClassVar[Kind] = Kind.PICTURES
    screenshot: Name = Field(description="The picture's name.")

    async def run(self, context: "Context") -> Seen:
        """Nothing to do: every step's picture is taken when it ends, and this one bears the name."""
        return Seen()
