"""What was there when a step was bad: the page, the answers, the facts that did not hold, the mailbox."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from smokerunner.browser.scene import Aim, Scene
from smokerunner.browser.tab import Tab
from smokerunner.model.context import Context, Notes
from smokerunner.model.errors import NotReached
from smokerunner.model.fact import Facts
from smokerunner.model.matcher import Matcher
from smokerunner.model.observation import FactSeen, MailSeen, Observation, TargetSeen
from smokerunner.model.observing import OBSERVERS
from smokerunner.model.outcome import Outcome
from smokerunner.model.record import record
from smokerunner.model.step import Step
from smokerunner.model.target import Target
from smokerunner.replay.attempt import attempt
from smokerunner.replay.companion import targets_in
from smokerunner.replay.scope import Scope

if TYPE_CHECKING:
    from smokerunner.model.mail import Message

_MAIL_SECONDS, _MAILS, _AIMS = 1.0, 10, 6
_BESIDE = ("when", "mask")
"""Keys that are no part of what is done or waited for."""
_SHOWN = "shows.visible"
_READ = {"text_of": "text", "value": "value"}


@record
class Before:
    """The moment at which a step began."""

    url: str
    requests: int

    @classmethod
    def on(cls, tab: Tab) -> Before:
        """That moment on a page: this one."""
        return cls(tab.url, len(tab.traffic.requests))


async def witness(
    step: Step, scope: Scope, context: Context, before: Before, waited: float
) -> tuple[Observation | None, list[str]]:
    """What can be seen, masked, and why it could not be looked at, if so. `waited` is in seconds."""
    seen = await attempt(_observe(step, scope, context, before, waited))
    # Whatever goes wrong while looking must not hide what went wrong before, but it is said.
    if seen.outcome is Outcome.PASSED:
        return seen.value, []
    return None, [f"what was there could not be recorded: {seen.message}"]


async def _observe(step: Step, scope: Scope, context: Context, before: Before, waited: float) -> Observation:
    tab = context.page
    assert isinstance(tab, Tab)
    allowed, scrub = context.remaining, context.secrets.scrub
    try:
        rendered = scope.render(step)
    except NotReached:
        rendered = step
    facts, missed = _facts(rendered), context.notes.never_seen
    unmet = [] if tab.crashed or tab.raw.is_closed() else await _unmet(facts.values(), context)
    aims = [
        Aim(place, target, scrub(str(as_written)))
        for (place, target), (_, as_written) in zip(_targets(rendered), _targets(step), strict=False)
        if (place.partition(".")[0] not in facts and (place != _SHOWN or target in (missed or [target])))
        or any(target in (item, getattr(item, "of", None)) for _, item, _ in unmet)
    ]
    seen = await Scene(tab, before.requests, scrub).observe(aims[:_AIMS])
    return seen.model_copy(
        update={
            "url_before": scrub(before.url),
            "facts": tuple(_told(key, item, complaint, seen, context) for key, item, complaint in unmet),
            "mails": await _mails(rendered, context) if step.one_time else None,
            "waited": round(waited, 3),
            "allowed": round(allowed, 3),
        }
    )


def _facts(step: Step) -> dict[str, Facts]:
    """What the step waits for, by its key."""
    fields = {field.alias or name: getattr(step, name) for name, field in type(step).model_fields.items()}
    return {key: value for key, value in fields.items() if isinstance(value, Facts) and key not in _BESIDE}


def _targets(step: Step) -> list[tuple[str, Target]]:
    """The elements that a step names, each with its place: `click`, `expect.visible`."""
    found = []
    for place, target in targets_in(step):
        words = [str(part) for part in place if not isinstance(part, int) and part != "of"]
        if words[0] not in _BESIDE:
            found.append((_SHOWN if words == ["shows"] else ".".join(words), target))
    # What was to come of the act is only asked for when the act itself went well.
    return sorted(found, key=lambda pair: pair[0] == _SHOWN)


async def _unmet(facts: Iterable[Facts], context: Context) -> list[tuple[str, Any, str]]:
    """The facts that do not hold now: key, what was wanted, the difference."""
    looking = replace(context, notes=Notes())
    found = []
    for wanted in facts:
        for key, observe in OBSERVERS.items():
            value = getattr(wanted, key)
            for item in value if isinstance(value, tuple) else () if value is None else (value,):
                looked = await attempt(_bounded(observe(item, looking, False)))
                complaint = looked.message if looked.outcome is Outcome.FAILED else looked.value
                if complaint:
                    found.append((key, item, complaint))
    return found


async def _bounded(look: Any) -> Any:
    async with asyncio.timeout(1.0):
        return await look


def _told(key: str, item: Any, complaint: str, seen: Observation, context: Context) -> FactSeen:
    target = item if isinstance(item, Target) else getattr(item, "of", None)
    found = next((one for one in seen.targets if target is not None and one.words == str(target)), None)
    wanted = getattr(item, "reads", None) or (item if isinstance(item, Matcher | str | int) else None)
    scrub = context.secrets.scrub
    return FactSeen(
        key=key,
        about=scrub(str(target)) if target is not None else "",
        wanted=scrub(str(wanted if wanted is not None else item)),
        seen=_value(key, found, seen),
        complaint=scrub(complaint),
    )


def _value(key: str, found: TargetSeen | None, seen: Observation) -> str:
    page = {"url": seen.url, "title": seen.title, "status": str(seen.status or "")}
    if key in page:
        return page[key]
    return str(getattr(found, _READ[key])) if found is not None and key in _READ else ""


async def _mails(step: Step, context: Context) -> tuple[MailSeen, ...] | None:
    """What came since the attempt began, newest first; None when the mailbox does not say so at once."""

    async def ask() -> Sequence[Message]:
        return await (await context.mailbox()).messages(context.mail_since)

    asked = await attempt(_bounded(ask()))
    if asked.outcome is not Outcome.PASSED:
        return None
    scrub, own = context.secrets.scrub, str(step.acts_on).casefold()
    return tuple(
        MailSeen(
            to=", ".join(to if to in own else _shortened(to) for to in message.recipients),
            subject=scrub(message.subject)[:200],
            at=message.received,
        )
        for message in list(asked.value)[:_MAILS]
    )


def _shortened(address: str) -> str:
    """Enough of another person's address to recognise it."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
