"""`sec.log-file`: the app's log, with the data of its users."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar

from smokerunner.checks.exposure.judgement import Probe
from smokerunner.checks.exposure.paths import PathCheck
from smokerunner.checks.exposure.signature import Signature, digest, pattern
from smokerunner.model.check import CheckContext
from smokerunner.model.severity import Severity

_LEVEL = "(?:EMERGENCY|ALERT|CRITICAL|ERROR|WARNING|NOTICE|INFO|DEBUG)"


def _tell(body: bytes) -> str:
    return f"SHA-256 {digest(body)}…"


MONOLOG = Signature(
    "a Laravel log", (pattern(rf"^\[\d{{4}}-\d\d-\d\d[T ][^\]\n]{{5,30}}\] [\w.-]+\.{_LEVEL}\b"),), tell=_tell
)
_MONOLOG_JSON = Signature("a log in JSON", (pattern(rf'^\{{.*"level_name":\s?"{_LEVEL}"'),), tell=_tell)
_TRACE = Signature("a stack trace", (pattern(r"^#\d+ /\S+\.php\(\d+\): "),), tell=_tell)
PHP_LOG = Signature("a PHP log", (pattern(r"^\[\d\d-\w{3}-\d{4} [^\]\n]{5,40}\] PHP "),), tell=_tell)
_RAILS = Signature("a Rails log", (pattern(r"\bStarted (?:GET|POST|PUT|PATCH|DELETE) \"/"),), tell=_tell)
_LARAVEL = (MONOLOG, _MONOLOG_JSON, _TRACE)
_ANY = (*_LARAVEL, PHP_LOG, _RAILS)


class LogFile(PathCheck):
    """Asks for logs where frameworks put them."""

    id: ClassVar[str] = "sec.log-file"
    asks: ClassVar[str] = "Are the app's logs out of reach?"
    passes: ClassVar[str] = "refused or as for any path, and nothing that looks like a log"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "nuclei laravel-log-file"
    advice: ClassVar[str] = (
        "Let the web server refuse it (its root is the app's public folder); take what stands in it as known: "
        "tokens, addresses, queries"
    )
    probes: ClassVar[tuple[Probe, ...]] = tuple(
        Probe(path, _ANY, short=True)
        for path in (
            "/storage/logs/laravel.log",
            "/../storage/logs/laravel.log",
            "/public/../storage/logs/laravel.log",
            "/laravel.log",
            "/logs/laravel.log",
            "/error_log",
            "/log/production.log",
        )
    )

    def more(self, ctx: CheckContext) -> Iterable[Probe]:
        """A log a day, named after it."""
        today = ctx.clock.now()
        for day in (today, today - timedelta(days=1)):
            yield Probe(f"/storage/logs/laravel-{day:%Y-%m-%d}.log", _LARAVEL, short=True)
