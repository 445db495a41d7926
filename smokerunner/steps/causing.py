"""What an action causes stands beside it: a dialog, a new page, a download."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from smokerunner.model.errors import Failure
from smokerunner.model.frozen import Frozen
from smokerunner.model.matcher import Matcher
from smokerunner.model.step import Seen, Steps
from smokerunner.model.template import Template
from smokerunner.model.wanted import Download
from smokerunner.steps.acting import Acting

if TYPE_CHECKING:
    from smokerunner.model.context import Context


class Dialog(Frozen):
    """How a native dialog (alert, confirm, prompt) is answered."""

    answer: Literal["accept", "dismiss"]
    says: Matcher | None = Field(default=None, description="What it must say.")
    text: Template | None = Field(default=None, description="What is typed into a prompt.")


def _dialog(value: Any) -> Any:
    return {"answer": value} if isinstance(value, str) else value


def _download(value: Any) -> Any:
    return {} if value is True or value in ("true", "yes") else value


class Causing(Acting):
    """An action that may open a dialog or a page, or start a download."""

    dialog: Annotated[Dialog | None, BeforeValidator(_dialog)] = Field(
        default=None, description="The native dialog that comes: accept, dismiss, or {answer, says, text}."
    )
    download: Annotated[Download | None, BeforeValidator(_download)] = Field(
        default=None, description="The file that comes: true, or what must be true of it."
    )
    popup: Steps = Field(default=(), description="What happens in the page that opens; afterwards back to this one.")
    saves: ClassVar[frozenset[str]] = frozenset({"text", "url"})

    def children(self) -> Mapping[str, Steps]:
        """The steps in the page that opens."""
        return {"popup": self.popup} if self.popup else {}

    async def carry_out(self, context: "Context", act: Callable[[], Awaitable[None]]) -> Seen:
        """Do `act` and everything that it is meant to cause; what is seen is the page afterwards."""
        for wrap in (self._answering, self._receiving, self._showing):
            act = wrap(context, act)
        if not self.popup:
            await context.page.closing(act)
            return Seen(context.page.source(None, None))
        opened = await context.page.opened(act, context.remaining)
        try:
            await context.perform(self.popup, key="popup", page=opened)
        finally:
            await opened.close()
        return Seen(context.page.source(None, None))

    def _answering(self, context: "Context", act: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        dialog = self.dialog
        if dialog is None:
            return act

        async def answered() -> None:
            said = await context.page.answered(
                act, accept=dialog.answer == "accept", text=dialog.text, timeout=context.remaining
            )
            if dialog.says is not None and not dialog.says.accepts(said):
                raise Failure(f'the dialog said "{said}", not {dialog.says}')

        return answered

    def _showing(self, context: "Context", act: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        return partial(self.showing, context, act)

    def _receiving(self, context: "Context", act: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        wanted = self.download
        if wanted is None:
            return act

        # Only a run looks at files; reading a flow file would pay for the imports.
        import asyncio

        from smokerunner.model.observing import differences

        async def received() -> None:
            name, content = await context.page.received(act, context.remaining)
            wrong = await asyncio.to_thread(differences, wanted, name, content)
            if wrong:
                raise Failure("; ".join(wrong))

        return received
