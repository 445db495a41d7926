"""Taking the network away, as a tunnel does."""

from typing import TYPE_CHECKING, ClassVar, Literal

from smokerunner.model.kind import Kind
from smokerunner.model.step import Seen, Step

if TYPE_CHECKING:
    from smokerunner.model.context import Context


class Network(Step):
    """Take the network away from the browser until a later step gives it back, or the flow ends.

    Example: `network: offline`, and later `network: online`
    """

    action: ClassVar[str] = "network"
    spends: ClassVar[Kind] = Kind.ACTING
    network: Literal["offline", "online"]

    async def run(self, context: "Context") -> Seen:
        """Switch it for every page of the session."""
        await context.page.connect(online=self.network == "online")
        return Seen()
