"""Steps that act on the page, and what must be seen of it, though it may vanish again: a toast."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import BeforeValidator, Field

from smokerunner.model.duration import spell
from smokerunner.model.errors import Failure
from smokerunner.model.kind import Kind
from smokerunner.model.matcher import Matcher
from smokerunner.model.step import Step
from smokerunner.model.target import PlainTarget

if TYPE_CHECKING:
    from smokerunner.model.context import Appearance, Context

_NAMELESS = frozenset({"status", "alert", "log"})
"""Roles that get no name from what stands in them."""


def _many(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


class Acting(Step):
    """A step that does something to the page."""

    spends: ClassVar[Kind] = Kind.ACTING

    shows: Annotated[tuple[PlainTarget, ...], BeforeValidator(_many)] = Field(
        default=(),
        description="What comes of it and may soon be gone again, such as a toast.",
    )

    async def showing(self, context: Context, act: Callable[[], Awaitable[None]]) -> None:
        """Do `act`, and wait until everything was seen that it is meant to show. Raises Failure."""
        if not self.shows:
            await act()
            return
        allowed = context.remaining

        async def timed() -> None:
            with context.notes.spending(self.spends):
                await act()

        with context.notes.spending(Kind.WAITING):
            came = await context.page.appearing(timed, self.shows, allowed)
        for seen in came:
            if seen.came:
                continue
            if seen.stood:
                context.notes.warnings.append(
                    f"{seen.target} was there before this step, so it does not show what came of it; "
                    "expect it `hidden` first"
                )
                continue
            context.notes.never_seen.append(seen.target)
            raise Failure(f"{await _missing(seen, context)} (waited {spell(round(allowed, 1) or allowed)})")


async def _missing(seen: Appearance, context: Context) -> str:
    if not seen.others:
        return f"never seen: {await context.page.absence(seen.target)}"
    words = [" ".join(context.secrets.scrub(text).split()) for text in seen.others]
    listed = ", ".join(f'"{text if len(text) <= 80 else text[:79] + "…"}"' for text in words)
    role = str(seen.target.role) if seen.target.finder == "role" else seen.target.finder
    name = seen.target.name if seen.target.finder == "role" else seen.target.finds
    hint = ""
    if role in _NAMELESS and isinstance(name, Matcher) and any(map(name.accepts, seen.others)):
        hint = f"; what stands in it is no name: write {{role: {role}, has_text: …}}"
    return f"{seen.target} was never seen; meanwhile there was {listed}{hint}"
