"""Looks at a page that wait for nothing: what is there, what it holds, and what to say when it is not."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from playwright.async_api import Error, Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from smokerunner.browser import absence, ambiguity
from smokerunner.browser.failures import is_passing
from smokerunner.browser.locating import locate
from smokerunner.model.context import Notes
from smokerunner.model.errors import Failure, Unavailable
from smokerunner.model.target import Target

_CALLED = re.compile(r"""- '?([a-z]+)(?: ("(?:[^"\\]|\\.)*"))?""")
"""The first line of an aria snapshot: `- button "Save"`."""
SOON = 1000.0
"""Milliseconds a look may take: it waits for the browser's answer, not for the element."""
_OTHER_KIND = {"Not a checkbox": "checkbox or radio button", "Node is not an <input>": "form field"}
Seen = TypeVar("Seen")


class Looks:
    """A page that is looked at."""

    def __init__(self, page: Page) -> None:
        self.raw = page
        self.crashed = False

    def locate(self, target: Target) -> Locator:
        """Playwright's locator; nothing is waited for."""
        return locate(self.raw, target)

    async def title(self) -> str:
        """The page's title."""
        return await self._look(self.raw.title)

    async def count(self, target: Target) -> int:
        """How many elements match now."""
        return await self._look(self.locate(target).count)

    async def visible_count(self, target: Target) -> int:
        """How many visible elements match now."""
        return await self._look(self.locate(target).filter(visible=True).count)

    async def is_visible(self, target: Target) -> bool:
        """Whether one element matches, and no other, and is visible now."""
        try:
            return await self._look(self.locate(target).is_visible)
        except Error as wrong:
            if "strict mode violation" in wrong.message:
                return False
            raise

    async def is_checked(self, target: Target) -> bool:
        """Whether the one checkbox or radio is on."""
        return await self._ask(target, lambda one: one.is_checked(timeout=SOON))

    async def is_enabled(self, target: Target) -> bool:
        """Whether the one control can be used."""
        return await self._ask(target, lambda one: one.is_enabled(timeout=SOON))

    async def is_focused(self, target: Target) -> bool:
        """Whether the one element has the keyboard."""
        script = "e => e.getRootNode().activeElement === e"
        return bool(await self._ask(target, lambda one: one.evaluate(script, timeout=SOON)))

    async def text_of(self, target: Target) -> str:
        """What the one element shows."""
        return await self._ask(target, lambda one: one.inner_text(timeout=SOON))

    async def value_of(self, target: Target) -> str:
        """What the one form field holds."""
        return await self._ask(target, lambda one: one.input_value(timeout=SOON))

    async def aria_difference(self, target: Target | None, snapshot: str) -> str | None:
        """None when the page, or the element, contains this aria snapshot; else what is there."""
        from playwright.async_api import expect

        root = self.raw.locator("body")
        if target is not None:
            number = await self.count(target)
            if number != 1:
                return await (self.ambiguity(target) if number else self.absence(target))
            root = self.locate(target)
        try:
            await expect(root).to_match_aria_snapshot(snapshot, timeout=SOON)
        except AssertionError as differs:
            mistake = re.search(r"^Error: (.*)", str(differs), re.MULTILINE)
            if mistake:
                raise Unavailable(f"the aria snapshot is not understood: {mistake[1].strip()}") from differs
            try:
                seen = await root.aria_snapshot(timeout=SOON)
            except PlaywrightTimeout:
                return f"{target or 'the page'} is not there any more"
            # At the end of a line, so that no value is cut in two: half a secret would not be known for one.
            return f"the accessibility tree differs; it is:\n{seen[:1500].rpartition(chr(10))[0] or seen[:1499] + '…'}"
        return None

    async def note_fallback(self, target: Target, fallback: Target, notes: Notes) -> None:
        """Note that a fallback was used, with the role of what it found, and its name if that is a mend by itself."""
        role, name = await self._called(fallback)
        renamed = target.renamed(name) if name and role in (target.finder, target.role) else None
        is_alone = renamed is not None and await self.count(renamed) == 1
        notes.use_fallback(target, fallback, role=role, name=name if is_alone else "")

    async def _called(self, target: Target) -> tuple[str, str]:
        """The role and the accessible name of the one element; empty when it has gone, or has no role."""
        try:
            lines = await self._look(lambda: self.locate(target).aria_snapshot(timeout=SOON))
        except PlaywrightTimeout:
            return "", ""
        first = lines.partition("\n")[0].replace("''", "'")
        found = _CALLED.match(first)
        return (found[1], json.loads(found[2] or '""')) if found is not None else ("", "")

    async def ambiguity(self, target: Target) -> str:
        """A sentence with ready narrowings for a target that matches several elements."""
        return await ambiguity.explain(self, target)

    async def names(self, target: Target, script: str, argument: str) -> list[str]:
        """What a script calls each of the elements that match now."""
        found: list[str] = await self._look(lambda: self.locate(target).evaluate_all(script, argument))
        return found

    async def absence(self, target: Target) -> str:
        """A sentence for a target that matches nothing: what is missing around it, or what is there instead."""
        return await absence.explain(self, target)

    async def _ask(self, target: Target, ask: Callable[[Locator], Awaitable[Seen]]) -> Seen:
        """Ask the one element; Failure when it has gone meanwhile, or is not of the kind that can answer."""
        try:
            return await self._look(lambda: ask(self.locate(target)))
        except PlaywrightTimeout as wrong:
            raise Failure(f"{target} is not there any more") from wrong
        except Error as wrong:
            kind = next((kind for sign, kind in _OTHER_KIND.items() if sign in wrong.message), None)
            if kind is None:
                raise
            raise Failure(f"{target} is no {kind}") from wrong

    async def _look(self, ask: Callable[[], Awaitable[Seen]]) -> Seen:
        """Ask once; while the page is being replaced, once more when the new one is there."""
        for _ in range(20):
            if self.crashed:
                raise Unavailable("the page crashed")
            try:
                return await ask()
            except Error as wrong:
                if not is_passing(wrong):
                    raise
                await asyncio.sleep(0.05)
        return await ask()
