"""Acts become steps in notation; what happened in a page that opened becomes the `popup` of its opener."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from smokerunner.authoring.act import TODO, Act

_MOST_FALLBACKS = 2
_IN = ("press", "type")
"""Actions whose target stands beside them, under `in`."""


def nested(acts: Sequence[Act]) -> list[tuple[Act, list[Any]]]:
    """Each act with the acts of the page it opened, nested in the same way.

    Going back to a page whose popup is over cannot be said; such acts become todo steps.
    """
    tree: list[tuple[Act, list[Any]]] = []
    open_pages: list[tuple[str, list[tuple[Act, list[Any]]]]] = [(acts[0].page if acts else "", tree)]
    for act in acts:
        pages = [page for page, _ in open_pages]
        if act.page in pages:
            del open_pages[pages.index(act.page) + 1 :]
        else:
            what = act.original or f"{act.action} {act.value or act.targets[:1]}"
            act = replace(act, action=TODO, targets=(), beside={}, value=f"in another page: {what}", opens=None)
        inner: list[tuple[Act, list[Any]]] = []
        open_pages[-1][1].append((act, inner))
        if act.opens is not None:
            open_pages.append((act.opens, inner))
    return tree


def written(tree: Sequence[tuple[Act, list[Any]]]) -> list[dict[str, Any]]:
    """The steps of a flow."""
    return [_step(act, inner) for act, inner in tree]


def _step(act: Act, inner: list[Any]) -> dict[str, Any]:
    step: dict[str, Any] = {}
    target = _target(act)
    if act.action in _IN:
        step[act.action] = act.value
        if target is not None:
            step["in"] = target
    else:
        step[act.action] = target if target is not None else True if act.value is None else act.value
    beside = {key: value for key, value in act.beside.items() if not (key == "count" and str(value) in ("0", "1"))}
    popup = written(inner) or ([{"expect": {"url": "**"}}] if act.opens is not None else [])
    if popup:
        beside["popup"] = popup
    return {**step, **beside}


def _target(act: Act) -> dict[str, Any] | None:
    if not act.targets:
        return None
    first, *others = act.targets
    rest = [dict(other) for other in others if other != first][:_MOST_FALLBACKS]
    return {**first, "fallbacks": rest} if rest else dict(first)
