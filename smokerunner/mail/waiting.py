"""How a flow waits for a message, and what it says when none came."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta

from smokerunner.mail.settings import WrongSettings
from smokerunner.model.duration import spell
from smokerunner.model.errors import Failure, Unavailable
from smokerunner.model.mail import Mailbox, Message

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 1.0
_LONGEST_LOOK = 15.0
_CLOCKS_MAY_DIFFER = timedelta(minutes=10)
_SHOWN = 3


async def wait_for(
    mailbox: Mailbox,
    *,
    to: str,
    accepts: Callable[[Message], bool],
    wanted: str,
    since: datetime,
    timeout: float,
    taken: Collection[str] = (),
) -> Message:
    """The newest message for `to` that `accepts`, came since `since` (UTC) and is not `taken` (message ids).

    `wanted` says in words what `accepts` asks for, like `with subject containing "Reset"`; `timeout` is in
    seconds. `Failure` if no such message comes in time, `Unavailable` if that cannot be told because the
    mailbox does not answer. The mailbox's clock is trusted only for what lies there at the first look:
    whatever appears later is new, whatever time it carries.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    look = _Look(mailbox, to.lower(), since)
    pause = _FIRST_PAUSE
    while True:
        trouble: Unavailable | None = None
        try:
            # A look that is under way when the time is up is finished: half a look would tell nothing.
            async with asyncio.timeout(max(deadline - loop.time(), 0) + _LONGEST_LOOK):
                for message in await look.again():
                    if message.id not in taken and accepts(message):
                        return message
        except WrongSettings:
            raise
        except Unavailable as error:
            trouble = error
        except TimeoutError:
            trouble = Unavailable(f"the mailbox did not answer while mail to {to} was awaited ({spell(timeout)})")
        left = deadline - loop.time()
        if left <= 0:
            if trouble:
                raise trouble
            asked = f"{to} {wanted}".rstrip()
            raise Failure(f"no message to {asked} within {spell(timeout)}; {await look.report(accepts, taken)}")
        await asyncio.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)


class _Look:
    """What was seen so far for one address."""

    def __init__(self, mailbox: Mailbox, to: str, since: datetime) -> None:
        self._mailbox = mailbox
        self._to = to
        self._since = since
        self._earlier: dict[str, Message] | None = None
        self._new: list[Message] = []

    async def again(self) -> Sequence[Message]:
        """The new messages for the address, newest first."""
        around = await self._mailbox.messages_to(self._to, self._since - _CLOCKS_MAY_DIFFER)
        if self._earlier is None:
            new = await self._mailbox.messages_to(self._to, self._since)
            ids = {message.id for message in new}
            self._earlier = {message.id: message for message in around if message.id not in ids}
            self._new = list(new)
        else:
            self._new = [message for message in around if message.id not in self._earlier]
        return self._new

    async def report(self, accepts: Callable[[Message], bool], taken: Collection[str]) -> str:
        """What came instead, in words."""
        used = [message for message in self._new if message.id in taken]
        others = [message for message in self._new if message.id not in taken]
        parts = [f"{len(others)} came for this address ({_listed(others)})" if others else "none came for it"]
        if used:
            parts.append(f"{len(used)} already taken by an earlier step ({_listed(used)})")
        fitting = [message for message in (self._earlier or {}).values() if accepts(message)]
        if untaken := [message for message in fitting if message.id not in taken]:
            seconds = max(1, round((self._since - untaken[0].received).total_seconds()))
            parts.append(
                f"one that fits is dated {seconds} s before this attempt began "
                "(an old one, unless the clocks of app and mailbox differ)"
            )
        parts.append(await self._strangers())
        return ", ".join(parts)

    async def _strangers(self) -> str:
        try:
            everything = await self._mailbox.messages(self._since)
        except Unavailable as error:
            return f"for other recipients unknown ({error})"
        strangers = [message for message in everything if self._to not in message.recipients]
        if not strangers:
            return "none for other recipients"
        newest = strangers[0]
        to = f" to {_shortened(newest.recipients[0])}" if newest.recipients else ""
        return f'{len(strangers)} for other recipients (newest "{newest.subject}"{to} {_age(newest)})'


def _listed(messages: Sequence[Message]) -> str:
    shown = ", ".join(f'"{message.subject}" {_age(message)}' for message in messages[:_SHOWN])
    return f"{shown}, …" if len(messages) > _SHOWN else shown


def _age(message: Message) -> str:
    seconds = round((datetime.now(UTC) - message.received).total_seconds())
    return f"{seconds} s ago" if seconds > 0 else "just now"


def _shortened(address: str) -> str:
    """Enough of another person's address to recognise it."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
