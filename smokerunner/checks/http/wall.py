"""Whether an answer is the app's at all, or of something in front of it that keeps us out."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from smokerunner.model.check import Answer, CheckContext, Silence
from smokerunner.web.client import is_wall

_KEPT_OUT = (401, 403, 429)


async def control(ctx: CheckContext) -> Answer:
    """What an address answers that cannot exist: one for all checks of a run. Raises Silence."""
    answer: Answer = await ctx.once(
        "http control", lambda: ctx.web.ask(f"{ctx.base_url}/{secrets.token_hex(8)}", limit=65_536)
    )
    return answer


async def wall(ctx: CheckContext, answer: Answer) -> str:
    """Why an answer says nothing about the app; empty when it does.

    The app itself refuses some pages; something that refuses even those that do not exist is not the app.
    """
    if is_wall(answer):
        return f"{answer.url} is guarded by something in front of the app ({answer}); let these requests pass"
    if answer.status not in _KEPT_OUT:
        return ""
    try:
        other = await control(ctx)
    except Silence as silence:
        return f"GET {answer.url}: {answer}, and then {silence}"
    if other.status != answer.status:
        return ""
    way = "give http_credentials under `browser:`" if answer.status == 401 else "let these requests pass"
    host = urlsplit(answer.url).hostname
    return f"{host} answers {answer.status} to everything, even to {other.url}, so nothing can be told; {way}"


async def is_missing(ctx: CheckContext, answer: Answer) -> bool:
    """Whether the address is answered as one that cannot exist."""
    if answer.status in (404, 410):
        return True
    try:
        other = await control(ctx)
    except Silence:
        return False
    return answer.status < 500 and (answer.status, answer.content_type) == (other.status, other.content_type)
