"""Looking once whether a fact holds. Each answers with what does not, in one sentence, or None.

`late` allows fallbacks and the slower, more helpful messages: the grace is over.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from smokerunner.model.contents import is_pdf, text_of
from smokerunner.model.matcher import Matcher, UrlPattern
from smokerunner.model.number import counted
from smokerunner.model.target import Target
from smokerunner.model.wanted import AriaFact, ConsoleFact, Count, Download, Reading, RequestFact, SocketFact, State
from smokerunner.model.websocket import SocketSeen

if TYPE_CHECKING:
    from smokerunner.model.context import Context


def _shortened(text: str, context: Context, limit: int = 200) -> str:
    # Masked before it is cut: half a secret would not be known for one.
    flat = " ".join(context.secrets.scrub(text).split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


async def _status(wanted: int, context: Context, late: bool) -> str | None:
    seen = context.page.status
    return None if seen == wanted else f"the page answered with status {seen}, not {wanted}"


async def _url(wanted: UrlPattern | Matcher, context: Context, late: bool) -> str | None:
    seen = context.page.url
    held = wanted.accepts(seen) if isinstance(wanted, Matcher) else wanted.accepts(seen, context.base_url)
    return None if held else f"the page is at {seen}, not at {wanted}"


async def _title(wanted: Matcher, context: Context, late: bool) -> str | None:
    seen = await context.page.title()
    return None if wanted.accepts(seen) else f'the title is "{seen}", not {wanted}'


async def _visible(target: Target, context: Context, late: bool) -> str | None:
    if await context.page.is_visible(target.alone):
        return None
    if late:
        for fallback in target.fallbacks:
            if await context.page.is_visible(fallback):
                await context.page.note_fallback(target, fallback, context.notes)
                return None
    number = await context.page.count(target.alone)
    if number > 1:
        return await _ambiguous(target, number, context, late)
    return f"{target} is there but hidden" if number else await _missing(target, context, late)


async def _hidden(target: Target, context: Context, late: bool) -> str | None:
    seen = await context.page.visible_count(target)
    return None if not seen else f"{target} is still visible"


async def _count(wanted: Count, context: Context, late: bool) -> str | None:
    number = await context.page.count(wanted.of)
    return None if wanted.accepts(number) else f"there are {number} of {wanted.of}, not {wanted.wanted}"


async def _single(target: Target, context: Context, late: bool) -> tuple[Target, str | None]:
    """The target, or its fallback, that matches exactly one element now, and what is wrong if none does."""
    number = await context.page.count(target.alone)
    if number == 1:
        return target.alone, None
    if late:
        for fallback in target.fallbacks:
            if await context.page.count(fallback) == 1:
                await context.page.note_fallback(target, fallback, context.notes)
                return fallback, None
    wrong = _ambiguous(target, number, context, late) if number else _missing(target, context, late)
    return target, await wrong


async def _missing(target: Target, context: Context, late: bool) -> str:
    return await context.page.absence(target) if late else f"{target} is not there"


async def _ambiguous(target: Target, number: int, context: Context, late: bool) -> str:
    if not late:
        return f"{target} matches {number} elements"
    return await context.page.ambiguity(target)


async def _value(wanted: Reading, context: Context, late: bool) -> str | None:
    found, wrong = await _single(wanted.of, context, late)
    if wrong is None:
        seen = await context.page.value_of(found)
        if not wanted.reads.accepts(seen):
            return f'{wanted.of} holds "{_shortened(seen, context)}", not {wanted.reads}'
    return wrong


async def _text_of(wanted: Reading, context: Context, late: bool) -> str | None:
    found, wrong = await _single(wanted.of, context, late)
    if wrong is None:
        seen = await context.page.text_of(found)
        if not wanted.reads.accepts(seen):
            return f'{wanted.of} shows "{_shortened(seen, context)}", not {wanted.reads}'
    return wrong


async def _checked(wanted: State, context: Context, late: bool) -> str | None:
    found, wrong = await _single(wanted.of, context, late)
    if wrong is None and await context.page.is_checked(found) != wanted.is_:
        return f"{wanted.of} is {'not checked' if wanted.is_ else 'checked'}"
    return wrong


async def _enabled(wanted: State, context: Context, late: bool) -> str | None:
    found, wrong = await _single(wanted.of, context, late)
    if wrong is None and await context.page.is_enabled(found) != wanted.is_:
        return f"{wanted.of} is {'disabled' if wanted.is_ else 'enabled'}"
    return wrong


# The element with the keyboard, also inside a shadow tree, in a word or two.
_FOCUSED = """() => {
    let e = document.activeElement;
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    if (!e || e === document.body) return '';
    const name = e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || e.name || e.id || '';
    return `${e.tagName.toLowerCase()} "${name.trim().slice(0, 60)}"`;
}"""


async def _focused(wanted: Target, context: Context, late: bool) -> str | None:
    found, wrong = await _single(wanted, context, late)
    if wrong is None and not await context.page.is_focused(found):
        seen = await context.page.raw.evaluate(_FOCUSED)
        return f"{wanted} does not have the focus; {seen or 'nothing'} has it"
    return wrong


async def _aria_holds(wanted: AriaFact, context: Context, late: bool) -> str | None:
    return await context.page.aria_difference(wanted.of, wanted.snapshot)


async def _console(wanted: ConsoleFact, context: Context, late: bool) -> str | None:
    messages = context.page.console
    if wanted.says is not None:
        if any(wanted.says.accepts(message.text) for message in messages):
            return None
        newest = f", the newest: {_shortened(messages[-1].text, context)}" if messages else ""
        return f"the console never said {wanted.says}; it said {counted(len(messages), 'thing')}{newest}"
    errors = [message for message in messages if message.counts]
    if len(errors) <= (wanted.errors or 0):
        return None
    allowed = f"at most {wanted.errors}" if wanted.errors else "0"
    are = f"there {'is' if len(errors) == 1 else 'are'} {counted(len(errors), 'console error')}"
    return f"{are}, not {allowed}; the newest: {_shortened(errors[-1].text, context)}"


async def _requests(wanted: RequestFact, context: Context, late: bool) -> str | None:
    at_url = [seen for seen in context.page.requests if wanted.url.accepts(seen.url, context.base_url)]
    found = [
        seen
        for seen in at_url
        if wanted.method in (None, seen.method)
        and (seen.status == wanted.status if wanted.status is not None else seen.status is not None)
    ]
    if (wanted.times is None and found) or (wanted.times is not None and len(found) == wanted.times):
        return None
    often = "at least once" if wanted.times is None else _times(wanted.times)
    also = "; seen there: " + ", ".join(f"{seen.method} → {seen.status}" for seen in at_url[-3:]) if at_url else ""
    return f"{wanted} was answered {_times(len(found))}, not {often}{also}"


async def _websockets(wanted: SocketFact, context: Context, late: bool) -> str | None:
    every = context.page.websockets
    there = [socket for socket in every if wanted.url.accepts_socket(socket.url, context.base_url)]
    if not there:
        others = ", ".join(dict.fromkeys(_shortened(socket.url, context) for socket in every[-3:]))
        return f"the page opened no WebSocket to {wanted.url}; it opened {others or 'none'}"
    complaints = [_unlike(wanted, socket, context) for socket in there]
    return None if None in complaints else complaints[-1]


def _unlike(wanted: SocketFact, socket: SocketSeen, context: Context) -> str | None:
    """What one WebSocket lacks."""
    for way, asked in (("sent", wanted.sent), ("received", wanted.received)):
        texts = [said.text for said in socket.messages if said.way == way and said.text is not None]
        if asked is not None and not any(asked.accepts(text) for text in texts):
            number = sum(said.way == way for said in socket.messages)
            shown = " | ".join(_shortened(text, context, 80) for text in texts[-3:])
            newest = f", the newest: {shown}" if shown else ""
            came = f"{counted(number, 'message')} {'was' if number == 1 else 'were'} {way}{newest}"
            return f"{wanted} never {way} {asked}; {came}{_ended(socket, context)}"
    if wanted.is_open is None or wanted.is_open == (socket.closed is None):
        return None
    return f"{wanted} is {'still open' if socket.closed is None else 'closed'}{_ended(socket, context)}"


def _ended(socket: SocketSeen, context: Context) -> str:
    return f" ({_shortened(socket.failure, context)})" if socket.failure else ""


async def _download(wanted: Download, context: Context, late: bool) -> str | None:
    files = tuple(context.page.downloads)
    # A long PDF takes its time, in which the browser is to be listened to.
    complaints = [await asyncio.to_thread(differences, wanted, name, content) for name, content in files]
    if any(not wrong for wrong in complaints):
        return None
    return complaints[-1][0] if complaints else "nothing was downloaded"


def differences(wanted: Download, name: str, content: bytes) -> list[str]:
    """What a downloaded file has that was not wanted, a sentence each. Raises Unavailable, and Failure if damaged."""
    wrong = []
    if wanted.name is not None and not wanted.name.accepts(name):
        wrong.append(f'the downloaded file is called "{name}", not {wanted.name}')
    if wanted.at_least is not None and len(content) < wanted.at_least:
        wrong.append(f"{name} has {len(content)} bytes, not at least {wanted.at_least}")
    if wanted.at_most is not None and len(content) > wanted.at_most:
        wrong.append(f"{name} has {len(content)} bytes, not at most {wanted.at_most}")
    if wanted.sha256 is not None and (seen := hashlib.sha256(content).hexdigest()) != wanted.sha256:
        wrong.append(f"{name} has the SHA-256 sum {seen}, not {wanted.sha256}")
    if wanted.contains is not None:
        text = text_of(name, content)
        held = re.search(wanted.contains.matches, text) if wanted.contains.matches else wanted.contains.accepts(text)
        if not held:
            bare = "; there is no text in it, only pictures perhaps" if is_pdf(content) and not text.strip() else ""
            wrong.append(f"{name} does not contain {wanted.contains}{bare}")
    return wrong


Observe = Callable[[Any, "Context", bool], Awaitable[str | None]]
OBSERVERS: Mapping[str, Observe] = MappingProxyType(
    {
        "status": _status,
        "url": _url,
        "title": _title,
        "visible": _visible,
        "hidden": _hidden,
        "count": _count,
        "value": _value,
        "text_of": _text_of,
        "checked": _checked,
        "enabled": _enabled,
        "focused": _focused,
        "aria": _aria_holds,
        "console": _console,
        "requests": _requests,
        "websockets": _websockets,
        "download": _download,
    }
)
"""Every fact by its key, in the order in which they are looked at."""
