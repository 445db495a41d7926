"""The mouse: click, hover, drag, scroll."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from smokerunner.model.duration import spell
from smokerunner.model.errors import Failure
from smokerunner.model.frozen import Frozen
from smokerunner.model.step import Seen
from smokerunner.model.target import Target
from smokerunner.steps.acting import Acting
from smokerunner.steps.causing import Causing
from smokerunner.steps.patience import Patience

if TYPE_CHECKING:
    from playwright.async_api import Locator

    from smokerunner.model.context import Context

_SOON = 1000.0
"""Milliseconds that a look at an element which is there may take."""
_WAY = 12
"""Moves of the mouse on the way to where something is dropped: sorted lists follow the pointer, and need some."""


_MOVE = """(element, {to, by}) => {
    if (to === null) element.scrollBy({top: by, behavior: 'instant'});
    else element.scrollTo({top: to === 'top' ? 0 : element.scrollHeight, behavior: 'instant'});
}"""
# Two frames later the list has drawn what is in view now.
_ON = """element => new Promise(done => {
    const before = element.scrollTop;
    element.scrollBy({top: Math.max(element.clientHeight * 0.8, 20), behavior: 'instant'});
    requestAnimationFrame(() => requestAnimationFrame(() => done(element.scrollTop > before)));
})"""


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


Modifiers = Annotated[tuple[Literal["Alt", "Control", "ControlOrMeta", "Meta", "Shift"], ...], BeforeValidator(_many)]


class Click(Causing):
    """Click an element; on a device with a touch screen, tap it.

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

        is_tap = (self.mouse, self.count) == ("left", "1") and await context.page.is_touched()

        async def act() -> None:
            if is_tap:
                await locator.tap(modifiers=list(self.modifiers) or None, timeout=context.remaining * 1000)
                return
            await locator.click(
                button=self.mouse,
                click_count=int(self.count),
                modifiers=list(self.modifiers) or None,
                timeout=context.remaining * 1000,
            )

        return await self.carry_out(context, act)


class Hover(Acting):
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

        async def act() -> None:
            await locator.hover(modifiers=list(self.modifiers) or None, timeout=context.remaining * 1000)

        await self.showing(context, act)
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
            await locator.drag_to(drop, steps=_WAY, timeout=context.remaining * 1000)

        return await self.carry_out(context, act)


class ScrollTo(Frozen):
    """A scroll of the whole page, or of the element named under `in`."""

    to: Literal["top", "bottom"] | None = Field(default=None, description="An end of it.")
    by: int | None = Field(default=None, description="Pixels down, or up when negative.")

    def __str__(self) -> str:
        return f"to the {self.to}" if self.to is not None else f"by {self.by} pixels"


def _scroll(value: Any) -> Any:
    return ScrollTo.model_validate(value) if isinstance(value, dict) and ({"to", "by"} & set(value)) else value


class Scroll(Acting):
    """Scroll until an element is in view, to an end of the page, or by pixels.

    Example: `scroll: {heading: Reviews}`, or `scroll: {option: Norway}`, beside it `in: {role: listbox}`
    """

    action: ClassVar[str] = "scroll"
    scroll: Annotated[Target | ScrollTo, BeforeValidator(_scroll)]
    in_: Target | None = Field(
        default=None,
        alias="in",
        description="What is scrolled; by default the page. A list is scrolled on until the element is there.",
    )

    async def run(self, context: Context) -> Seen:
        """Scroll; nothing is waited for but the element, and what must be seen of it."""
        await self.showing(context, partial(self._move, context))
        return Seen()

    async def _move(self, context: Context) -> None:
        moved = None if self.in_ is None else await context.find(self.in_)
        if isinstance(self.scroll, Target):
            if moved is not None:
                await self._seek(self.scroll, moved, context)
            locator = await context.find(self.scroll)
            await locator.scroll_into_view_if_needed(timeout=context.remaining * 1000)
            await context.page.measure(locator, context.notes, pointed=False, acted=True)
            return
        # Not the mouse wheel: that scrolls whatever lies under the mouse, and comes to an end some time later.
        asked = {"to": self.scroll.to, "by": self.scroll.by}
        if moved is None:
            await context.page.raw.evaluate(f"asked => ({_MOVE})(document.scrollingElement, asked)", asked)
        else:
            await moved.evaluate(_MOVE, asked, timeout=context.remaining * 1000)

    async def _seek(self, target: Target, moved: Locator, context: Context) -> None:
        """A long list holds only the elements in view, so it is scrolled on until the one that is meant is there."""
        patience, allowed = Patience(context), context.remaining
        while not await context.page.count(target.alone):
            # At its end a list may be about to load more.
            if not await moved.evaluate(_ON, timeout=_SOON) and not await patience.wait():
                raise Failure(f"{self.in_} was scrolled to its end, and {await context.page.absence(target)}")
            if context.clock.monotonic() >= context.deadline:
                said = await context.page.absence(target)
                raise Failure(f"{self.in_} was scrolled on, and {said} (waited {spell(round(allowed, 1))})")
