"""The message that mail.delivery brings, for those checks that look at it more closely."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from smokerunner.model.check import CheckContext
from smokerunner.model.errors import NotReached
from smokerunner.model.mail import Message

_KEY = "mail.delivery"
_PATIENCE = 20.0
"""Seconds within which mail.delivery must have been begun; checks are begun in their order, a few at a time."""


@dataclass(frozen=True)
class Letter:
    """A message that is awaited."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    message: asyncio.Future[Message | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """None when none came."""


async def the_letter(ctx: CheckContext) -> Letter:
    """The one of this run."""

    async def new() -> Letter:
        return Letter()

    letter: Letter = await ctx.once(_KEY, new)
    return letter


async def delivered(ctx: CheckContext) -> Message:
    """The message that mail.delivery brought. Raises NotReached when it brought none, or is not asked at all."""
    letter = await the_letter(ctx)
    try:
        async with asyncio.timeout(_PATIENCE):
            await letter.begun.wait()
    except TimeoutError:
        raise NotReached("looks at the message of mail.delivery, which is not asked in this run") from None
    # It is given up in its own time; whoever waits must not take the message from the others.
    message = await asyncio.shield(letter.message)
    if message is None:
        raise NotReached("there is no message to look at: mail.delivery brought none")
    return message
