"""Going somewhere: goto, back, reload."""

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from smokerunner.model.errors import Failure
from smokerunner.model.flag import Yes
from smokerunner.model.kind import Kind
from smokerunner.model.matcher import join
from smokerunner.model.step import Seen
from smokerunner.model.template import Template
from smokerunner.steps.acting import Acting

if TYPE_CHECKING:
    from playwright.async_api import Response

    from smokerunner.model.context import Context


class Navigation(Acting):
    """A step that ends on a document; its status is judged unless it says which one is right."""

    saves: ClassVar[frozenset[str]] = frozenset({"url", "text"})
    default_timeout: ClassVar[float] = 30.0
    spends: ClassVar[Kind] = Kind.NAVIGATION

    status: int | None = Field(
        default=None, ge=100, le=599, description="The HTTP status that is right; without it, any below 400."
    )
    wait_until: Literal["load", "domcontentloaded", "commit"] = Field(
        default="load", description="How far the page must have loaded."
    )

    def judge(self, answer: "Response | None", context: "Context") -> None:
        """Raise Failure when the document's status is not the one that is right."""
        if answer is None:
            return
        if self.status is not None and answer.status != self.status:
            raise Failure(f"{answer.url} answered with status {answer.status}, not {self.status}")
        if self.status is not None and self.status >= 400:
            context.page.forgive(answer.url)
        if self.status is None and answer.status >= 400:
            raise Failure(
                f"{answer.url} answered with status {answer.status} {answer.status_text}".rstrip()
                + (f" (if that is right, write `status: {answer.status}` beside it)" if answer.status < 500 else "")
            )


class Goto(Navigation):
    """Open a page. Paths are appended to base_url.

    Example: `goto: /orders?tab=open`
    """

    action: ClassVar[str] = "goto"
    goto: Template = Field(description="A path such as /login, //x for the host's root, or a whole URL.")

    async def run(self, context: "Context") -> Seen:
        """Open it and wait until it has loaded."""
        url = join(context.base_url, self.goto)

        async def act() -> None:
            self.judge(await context.page.visit(url, timeout=context.remaining, wait_until=self.wait_until), context)

        await self.showing(context, act)
        return Seen(context.page.source(None, None))


class Back(Navigation):
    """Go back one page, as with the browser's button.

    Example: `back: true`
    """

    action: ClassVar[str] = "back"
    back: Yes

    async def run(self, context: "Context") -> Seen:
        """Go back and wait until the page has loaded."""
        before = context.page.url
        # An app may have put a second entry of the same address into the history.
        inside = await context.page.raw.evaluate("() => window.navigation?.canGoBack ?? false")

        async def act() -> None:
            answer = await context.page.raw.go_back(timeout=context.remaining * 1000, wait_until=self.wait_until)
            # Every flow begins on an empty page, which is nothing to go back to.
            if context.page.url == "about:blank" or (answer is None and context.page.url == before and not inside):
                raise Failure("there is no page to go back to")
            self.judge(answer, context)

        await self.showing(context, act)
        return Seen(context.page.source(None, None))


class Reload(Navigation):
    """Load the page again.

    Example: `reload: true`
    """

    action: ClassVar[str] = "reload"
    reload: Yes

    async def run(self, context: "Context") -> Seen:
        """Reload and wait until the page has loaded."""

        async def act() -> None:
            answer = await context.page.raw.reload(timeout=context.remaining * 1000, wait_until=self.wait_until)
            self.judge(answer, context)

        await self.showing(context, act)
        return Seen(context.page.source(None, None))
