"""What the console said while a step ran: which of it is the step's own, which is new, and what is kept."""

from __future__ import annotations

from collections.abc import Sequence

from smokerunner.history.sameness import normalised
from smokerunner.model.result import ConsoleMessage
from smokerunner.replay.world import World


def own(console: Sequence[ConsoleMessage], since: int, spans: Sequence[tuple[int, int]]) -> tuple[ConsoleMessage, ...]:
    """What was said from index `since` on; what was said while child steps ran, in `spans`, stands with them."""
    return tuple(
        message
        for index, message in enumerate(console[since:], since)
        if not any(first <= index < end for first, end in spans)
    )


def new_errors(world: World, flow_name: str, messages: Sequence[ConsoleMessage]) -> list[str]:
    """A warning for each of the first three errors that the flow's last passed run did not have."""
    known = world.known_console.get(flow_name, frozenset())
    said = [world.secrets.scrub(message.text) for message in messages if message.counts]
    new = [text for text in said if normalised(text) not in known]
    return [f"new console error: {short(text)}" for text in new[:3]]


def kept(messages: Sequence[ConsoleMessage], limit: int = 50) -> tuple[ConsoleMessage, ...]:
    """As many as a result holds, in their order; those that count before chatter, for history knows them by these."""
    chosen = sorted(range(len(messages)), key=lambda index: not messages[index].counts)[:limit]
    return tuple(messages[index] for index in sorted(chosen))


def short(text: str, limit: int = 300) -> str:
    """The text on one line, cut to `limit` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
