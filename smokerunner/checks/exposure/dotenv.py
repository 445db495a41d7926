"""`sec.env`, `sec.env-variants`, `sec.env-example`: the file with all secrets of the app."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import Field

from smokerunner.checks.exposure.ground import Ground, origin_of
from smokerunner.checks.exposure.judgement import Judged, Probe, judge, unheard
from smokerunner.checks.exposure.paths import PathCheck, names_of
from smokerunner.checks.exposure.signature import Signature, digest
from smokerunner.model.check import CheckContext, Silence
from smokerunner.model.severity import Severity

_LINE = re.compile(rb"^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \t]*=[ \t]*(.*?)[ \t\r]*$", re.M)
_KNOWN = re.compile(rb"(?:APP|DB|MAIL|REDIS|AWS|STRIPE|JWT)_[A-Z0-9_]+|SECRET_KEY(?:_BASE)?|DATABASE_URL|DJANGO_\w+")
_SECRET = re.compile(rb"KEY|PASS|SECRET|TOKEN|DSN|DATABASE_URL|CREDENTIAL", re.I)
_MOST_NAMED = 6
_SHARE = 0.6
"""Share of the lines that must be assignments."""
_ADVICE = (
    "Let the web server refuse it (its root is the app's public folder), and rotate every value that it holds "
    "(APP_KEY, DB_PASSWORD …): they have been public"
)


def _tell(body: bytes) -> str:
    """The names of the keys, and how long the values of the secret ones are; empty when it is no such file."""
    lines = [line for line in body.splitlines() if line.strip() and not line.lstrip().startswith(b"#")]
    pairs = [(key, value.strip(b"\"'")) for key, value in _LINE.findall(body)]
    if not lines or len(pairs) < _SHARE * len(lines):
        return ""
    if not any(_KNOWN.fullmatch(key) for key, _ in pairs) and (
        len(pairs) < 2 or not all(key.isupper() for key, _ in pairs)
    ):
        return ""
    secret = [(key, value) for key, value in pairs if value and _SECRET.search(key)]
    named = [f"{key.decode()}, {len(value)} characters" for key, value in secret[:_MOST_NAMED]]
    named = named or [key.decode() for key, _ in pairs[:_MOST_NAMED]]
    rest = len(pairs) - len(named)
    return f"{'; '.join(named)}{f'; {rest} other keys' if rest else ''}; SHA-256 {digest(body)}…"


def _tell_filled(body: bytes) -> str:
    """As above, of an example that holds a real key."""
    return _tell(body) if re.search(rb"^APP_KEY=['\"]?base64:[A-Za-z0-9+/]{20,}", body, re.M) else ""


ENV_FILE = Signature("a .env file", tell=_tell)
_FILLED = Signature("a .env file with an APP_KEY", severity=Severity.MEDIUM, tell=_tell_filled)


class Env(PathCheck):
    """Asks every host of the app, over http and https and at each of its addresses."""

    id: ClassVar[str] = "sec.env"
    asks: ClassVar[str] = "Is .env out of reach, on every host, over http and https?"
    passes: ClassVar[str] = "403 or 404 everywhere; where nothing listens there is nothing to reach"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "runbook; nuclei laravel-env"
    advice: ClassVar[str] = _ADVICE
    probes: ClassVar[tuple[Probe, ...]] = (Probe("/.env", (ENV_FILE,), short=True),)

    accepted: tuple[Annotated[int, Field(ge=200, le=599)], ...] = Field(
        default=(403, 404),
        description="The statuses that prove it, such as 401 and 410 too; 200 only for a site that has no 404.",
    )

    async def judged(self, ctx: CheckContext, ground: Ground) -> Sequence[Judged]:
        """Every origin, and base_url's own folder."""
        bases = tuple(dict.fromkeys((*ground.bases, *ctx.origins)))
        found = await asyncio.gather(
            *(self._at(ctx, ground, base, probe) for probe in self.asked(ctx) for base in bases)
        )
        return [one for few in found for one in few]

    def asked(self, ctx: CheckContext) -> tuple[Probe, ...]:
        """Nothing but the accepted statuses passes."""
        return tuple(replace(probe, only=self.accepted) for probe in super().asked(ctx))

    async def _at(self, ctx: CheckContext, ground: Ground, base: str, probe: Probe) -> list[Judged]:
        main = origin_of(base) == origin_of(ctx.base_url)
        try:
            targets = await ctx.web.targets(base + "/")
        except Silence as silence:
            return [Judged(unheard(f"GET {base}{probe.path}", silence, main=main))]
        addresses = [address for address, _ in targets]
        if len(addresses) < 2:
            return [await judge(ground, base, probe, main=main)]
        asked = (judge(ground, base, probe, address=address, main=False) for address in addresses)
        return list(await asyncio.gather(*asked))


_NAMES = (
    "bak", "dev", "dev.local", "development", "development.local", "prod", "prod.local", "production",
    "production.local", "local", "stage", "staging", "live", "backup", "save", "old", "orig", "www", "swp", "txt",
)  # fmt: skip
_SPELLINGS = (
    "//.env",
    "/.env/",
    "/.env%20",
    "/.env%00",
    "/.env.",
    "/%2eenv",
    "/.ENV",
    "/public/../.env",
    "/storage/../.env",
    "/../.env",
    "/public/.env",
    "/api/.env",
    "/.env_1",
    "/.env_sample",
    "/.env~",
)


class EnvVariants(PathCheck):
    """Asks the other names that the file gets, and other spellings of its own."""

    id: ClassVar[str] = "sec.env-variants"
    asks: ClassVar[str] = "Are copies of .env, and other spellings of its path, out of reach?"
    passes: ClassVar[str] = "refused or as for any path, and nothing that looks like a .env file"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "nuclei laravel-env"
    advice: ClassVar[str] = _ADVICE
    probes: ClassVar[tuple[Probe, ...]] = tuple(
        Probe(path, (ENV_FILE,), short=True) for path in (*(f"/.env.{name}" for name in _NAMES), *_SPELLINGS)
    )

    def more(self, ctx: CheckContext) -> Iterable[Probe]:
        """Those that are named after the site."""
        host = urlsplit(ctx.base_url).hostname or ""
        return (Probe(f"/.env.{name}", (ENV_FILE,), short=True) for name in names_of(ctx) if name != host)


class EnvExample(PathCheck):
    """Asks for the example that lies beside the file."""

    id: ClassVar[str] = "sec.env-example"
    asks: ClassVar[str] = "Is .env.example out of reach?"
    passes: ClassVar[str] = "refused or as for any path"
    means: ClassVar[Severity] = Severity.LOW
    source: ClassVar[str] = "nuclei laravel-env"
    advice: ClassVar[str] = (
        "It shows that the web server's root is not the app's public folder; a key in it must not be the real one"
    )
    probes: ClassVar[tuple[Probe, ...]] = (Probe("/.env.example", (_FILLED, ENV_FILE), short=True),)
