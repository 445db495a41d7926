"""The mouse: click, hover, drag, scroll."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from smokerunner.model.context import Context
from smokerunner.model.frozen import Frozen
from smokerunner.model.step import Seen, Step
from smokerunner.model.target import Target
from smokerunner.steps.causing import Causing


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


Modifiers = Annotated[tuple[Literal["Alt", "Control", "ControlOrMeta", "Meta", "Shift"], ...], BeforeValidator(_many)]


class Click(Causing):
    """Click an element.

    Example: `click: {button: Create account}`
    """

    action: ClassVar[str] = "click"
    click: Target
    mouse: Literal["left", "middle", "right"] = Field(default="left", description="Which button of the mouse.")
    count: Literal["1", "2", "3"] = Field(default="1", description="How often: 2 is a double click.")
    modifiers: Modifiers = Field(default=(), description="Keys held down meanwhile.")

    async def run(self, context: Context) -> Seen:
        """Wait until it can be clicked, and click it."""
        locator = await context.find(self.click)
        await context.page.measure(locator, context.notes, pointed=True)

        async def act() -> None:
            await locator.click(
                button=self.mouse,
                click_count=int(self.count),
                modifiers=list(self.modifiers) or None,
                timeout=context.remaining * 1000,
            )

        return await self.carry_out(context, act)


class Hover(Step):
    """Move the mouse over an element.

    Example: `hover: {button: Account}`
    """

    action: ClassVar[str] = "hover"
    hover: Target
    modifiers: Modifiers = Field(default=(), description="Keys held down meanwhile.")

    async def run(self, context: Context) -> Seen:
        """Wait until it is stable, and move there."""
        locator = await context.find(self.hover)
        await context.page.measure(locator, context.notes, pointed=True)
        await locator.hover(modifiers=list(self.modifiers) or None, timeout=context.remaining * 1000)
        return Seen()


class Drag(Causing):
    """Drag an element onto another.

    Example: `drag: {listitem: Draft}`, beside it `to: {region: Done}`
    """

    action: ClassVar[str] = "drag"
    drag: Target
    to: Target = Field(description="Where it is dropped.")

    async def run(self, context: Context) -> Seen:
        """Press on the one, move to the other, let go."""
        locator = await context.find(self.drag)
        dragged = context.notes.locator
        drop = await context.find(self.to)
        context.notes.locator = dragged
        await context.page.measure(locator, context.notes, pointed=True)

        async def act() -> None:
            await locator.drag_to(drop, timeout=context.remaining * 1000)

        return await self.carry_out(context, act)


class ScrollTo(Frozen):
    """A scroll of the whole page."""

    to: Literal["top", "bottom"] | None = Field(default=None, description="An end of the page.")
    by: int | None = Field(default=None, description="Pixels down, or up when negative.")


def _scroll(value: Any) -> Any:
    return ScrollTo.model_validate(value) if isinstance(value, dict) and ({"to", "by"} & set(value)) else value


class Scroll(Step):
    """Scroll until an element is in view, to an end of the page, or by pixels.

    Example: `scroll: {heading: Reviews}`
    """

    action: ClassVar[str] = "scroll"
    scroll: Annotated[Target | ScrollTo, BeforeValidator(_scroll)]

    async def run(self, context: Context) -> Seen:
        """Scroll; nothing is waited for but the element."""
        if isinstance(self.scroll, Target):
            locator = await context.find(self.scroll)
            await locator.scroll_into_view_if_needed(timeout=context.remaining * 1000)
            await context.page.measure(locator, context.notes, pointed=False, acted=True)
        elif self.scroll.to is not None:
            end = "0" if self.scroll.to == "top" else "document.documentElement.scrollHeight"
            await context.page.raw.evaluate(f"() => window.scrollTo({{top: {end}, behavior: 'instant'}})")
        else:
            # Not the mouse wheel: that scrolls whatever lies under the mouse, and comes to an end some time later.
            await context.page.raw.evaluate("by => window.scrollBy({top: by, behavior: 'instant'})", self.scroll.by)
        return Seen()
