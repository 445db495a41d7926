"""What must be true, and what is to be remembered: expect and read."""

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from smokerunner.model.duration import spell
from smokerunner.model.errors import Failure
from smokerunner.model.fact import Facts
from smokerunner.model.step import Seen, Step
from smokerunner.model.target import Target
from smokerunner.steps.patience import Patience

if TYPE_CHECKING:
    from smokerunner.model.context import Context


class Expect(Step):
    """Wait until facts about the page are true.

    Example: `expect: {url: /dashboard, visible: {heading: Welcome}}`
    """

    action: ClassVar[str] = "expect"
    changes: ClassVar[bool] = False
    saves: ClassVar[frozenset[str]] = frozenset({"url", "text"})
    expect: Facts = Field(description="Facts, each one value or a list; each waits for its truth.")

    async def run(self, context: "Context") -> Seen:
        """Look until all facts hold at the same time; raises Failure with what was seen instead."""
        allowed = context.remaining
        patience = Patience(context)
        while True:
            late = patience.is_late
            wrong = await self.expect.look(context, late=late)
            if not wrong:
                await self._outline(context)
                return Seen(context.page.source(None, None))
            if not await patience.wait() and late:
                raise Failure(f"{'; '.join(wrong)} (waited {spell(round(allowed, 1) or allowed)})")

    async def _outline(self, context: "Context") -> None:
        """The picture shows what was meant: the first element that was expected to be visible."""
        first = next(iter((*self.expect.visible, *(item.of for item in self.expect.text_of))), None)
        if first is not None and not context.notes.warnings:
            await context.page.measure(context.page.locate(first.alone), context.notes, pointed=False)

    @property
    def targets(self) -> tuple[Target, ...]:
        """The elements that must be visible."""
        return self.expect.visible


class Read(Step):
    """Find an element in order to `save` from it.

    Example: `read: {test_id: order-number}`, beside it `save: {order: text}`
    """

    action: ClassVar[str] = "read"
    changes: ClassVar[bool] = False
    saves: ClassVar[frozenset[str]] = frozenset({"text", "value", "attribute", "url", "anchor"})
    read: Target

    async def run(self, context: "Context") -> Seen:
        """Wait until it is there."""
        locator = await context.find(self.read)
        await context.page.measure(locator, context.notes, pointed=False)
        return Seen(context.page.source(self.read, locator))
