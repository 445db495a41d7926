"""Where text can be put: a form field, or an editor that may still have to start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smokerunner.steps.patience import Patience

if TYPE_CHECKING:
    from smokerunner.model.context import Context


async def kind_of_field(locator: Any, context: Context, *, briefly: bool = False) -> str | None:
    """The `type` of a form field, '' for an editor; None when it is neither and has not become one in the step's time.

    Playwright waits for a field to appear, but not for a rich editor, which makes its frame editable after the page is
    up; `briefly` waits no longer than a fallback is waited for.
    """
    if context.notes.field_kind is not None:
        return context.notes.field_kind
    patience = Patience(context)
    while True:
        kind = await context.page.field_of(locator, context.remaining)
        if kind is not None or (briefly and patience.is_late) or not await patience.wait():
            return kind
