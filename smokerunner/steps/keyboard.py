"""The keyboard: type and press."""

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from smokerunner.model.step import Seen
from smokerunner.model.target import Target
from smokerunner.model.template import Template
from smokerunner.steps.acting import Acting
from smokerunner.steps.causing import Causing
from smokerunner.steps.patience import Patience
from smokerunner.steps.writing import kind_of_field

if TYPE_CHECKING:
    from smokerunner.model.context import Context


class Type(Acting):
    """Type text key by key, where `fill` would be too quick for the page.

    Example: `type: acorn cup`, beside it `in: {searchbox: Search}`
    """

    action: ClassVar[str] = "type"
    type: Template
    in_: Target | None = Field(default=None, alias="in", description="Where; by default the focused element.")
    delay: float = Field(default=0, ge=0, le=1000, description="Milliseconds between keys.")

    async def run(self, context: "Context") -> Seen:
        """Send every key."""
        context.notes.value = self.type
        if self.in_ is None:
            await self._focus(context)
            await self.showing(context, lambda: context.page.raw.keyboard.type(self.type, delay=self.delay))
            return Seen()
        if context.secrets.reveals(self.type):
            context.notes.secret_fields += [self.in_.alone, *self.in_.fallbacks]
        locator = await context.find(self.in_)
        await context.page.measure(locator, context.notes, pointed=False)
        await kind_of_field(locator, context, briefly=True)

        async def act() -> None:
            await locator.press_sequentially(self.type, delay=self.delay, timeout=context.remaining * 1000)

        await self.showing(context, act)
        return Seen()

    async def _focus(self, context: "Context") -> None:
        """A page sets its focus a moment after it has loaded; keys typed before that would be lost."""
        patience = Patience(context)
        while not await context.page.raw.evaluate("() => document.activeElement !== document.body"):
            if patience.is_late or not await patience.wait():
                return


class Press(Causing):
    """Press a key or a chord.

    Example: `press: Enter`, or `press: Control+S`
    """

    action: ClassVar[str] = "press"
    press: Template = Field(description="A key by Playwright's names: Enter, Tab, ArrowDown, a, Control+S.")
    in_: Target | None = Field(default=None, alias="in", description="Where; by default the focused element.")

    async def run(self, context: "Context") -> Seen:
        """Press and let go."""
        target = self.in_
        if target is None:

            async def act() -> None:
                await context.page.raw.keyboard.press(self.press)

        else:
            locator = await context.find(target)
            await context.page.measure(locator, context.notes, pointed=False)

            async def act() -> None:
                await locator.press(self.press, timeout=context.remaining * 1000)

        return await self.carry_out(context, act)
