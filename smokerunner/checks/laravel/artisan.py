"""artisan's answers as data; each command is run once a run, whoever wants its answer."""

from __future__ import annotations

from typing import Any

from smokerunner.checks.api.judging import parsed
from smokerunner.model.check import CheckContext, Ran, Server
from smokerunner.model.errors import Inconclusive, NotReached

_LONGEST = 200


def require_server(ctx: CheckContext) -> Server:
    """The app's machine. Raises NotReached when nobody said which it is."""
    if ctx.server is None:
        raise NotReached("needs the app's server; say where it is: `server: {ssh: deploy@host, folder: /srv/app}`")
    return ctx.server


async def run_artisan(ctx: CheckContext, *arguments: str) -> Ran:
    """What an artisan command said. Raises NotReached without a server, Unavailable when it cannot be run."""
    server = require_server(ctx)
    ran: Ran = await ctx.once(f"artisan {' '.join(arguments)}", lambda: server.artisan(*arguments))
    return ran


async def artisan_json(ctx: CheckContext, *arguments: str) -> Any:
    """What an artisan command said, as JSON. Raises Inconclusive when it is none, as of a Laravel that is too old."""
    ran = await run_artisan(ctx, *arguments)
    # Warnings of PHP may stand before it.
    for text in (ran.out, *reversed([line for line in ran.out.splitlines() if line.strip()[:1] in ("{", "[")])):
        try:
            return parsed(text)
        except ValueError:
            continue
    raise Inconclusive(f"`artisan {' '.join(arguments)}` gave no JSON: {last_words(ran)}")


async def about(ctx: CheckContext, section: str) -> dict[str, Any]:
    """A section of `artisan about --json`: environment, cache, drivers, storage. Raises Inconclusive without it."""
    found = await artisan_json(ctx, "about", "--json")
    part = found.get(section) if isinstance(found, dict) else None
    if not isinstance(part, dict):
        raise Inconclusive(f"`artisan about --json` says nothing of {section}")
    return part


def last_words(ran: Ran) -> str:
    """Why a command did not do what it should, in one line."""
    lines = [" ".join(line.split()) for line in (*ran.out.splitlines(), *ran.err.splitlines()) if line.strip(" -+|=")]
    said = next((line for line in lines if "does not exist" in line or "not defined" in line), None)
    said = said or (lines[-1] if lines else "no output")
    return f"exit {ran.code}, {said[:_LONGEST]}"


def is_on(value: Any, *words: str) -> bool:
    """Whether a fact of `about` holds; before Laravel 10 they were told in words."""
    return value is True or (isinstance(value, str) and value.strip().upper() in words)
