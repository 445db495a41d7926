"""Where text can be put: a form field, or an editor that may still have to start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smokerunner.steps.patience import Patience

if TYPE_CHECKING:
    from smokerunner.model.context import Context

_SOON = 1000.0
"""Milliseconds that a look at an element which is there may take."""
_FIELD = """element => {
  const meant = element.closest('label')?.control ?? element;
  if (['INPUT', 'TEXTAREA', 'SELECT'].includes(meant.nodeName)) return meant.type;
  return meant.isContentEditable ? '' : null;
}"""
_FIELDS = f"all => all.map({_FIELD})"


async def kind_of_field(locator: Any, context: Context, *, briefly: bool = False) -> str | None:
    """The `type` of a form field, '' for an editor; None when it is neither and has not become one in the step's time.

    Playwright waits for a field to appear, but not for a rich editor, which makes its frame editable after the page is
    up; `briefly` waits no longer than a fallback is waited for.
    """
    patience = Patience(context)
    while True:
        # To ask one element takes three times as long, since Playwright waits for it; seldom there is need to.
        kinds: list[str | None] = await locator.evaluate_all(_FIELDS)
        if len(kinds) != 1:
            kinds = [await locator.evaluate(_FIELD, timeout=max(context.remaining * 1000, _SOON))]
        [kind] = kinds
        if kind is not None or (briefly and patience.is_late) or not await patience.wait():
            return kind
