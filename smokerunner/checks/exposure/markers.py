"""How the pages look that frameworks show to developers when something goes wrong.

A page of visitors may quote them, so what counts is their own markup, outside of <pre>; what is only said in words
counts in the page of an error alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from smokerunner.checks.exposure.signature import is_json, is_page, markup, pattern
from smokerunner.model.check import Answer

_ERROR = 400


@dataclass(frozen=True)
class Marker:
    """One renderer; all of its patterns are needed."""

    name: str
    patterns: tuple[re.Pattern[bytes], ...]
    anywhere: bool = False
    """Whether it counts in a page that is no error too: PHP prints its warnings into those."""
    whole: bool = False
    """Whether what stands in <pre> belongs to it."""


_SOURCE = pattern(r"vendor[\\/]+laravel[\\/]+framework[\\/]+src[\\/]")
_PAGES = (
    Marker("Ignition", (pattern(r"window\.data\s*=\s*\{\"report\"|window\.ignite\(\s*window\.data"),), anywhere=True),
    Marker(
        "Laravel's error page",
        (
            pattern(r"const markdown\s*=|#frame-\d+ \.hljs-ln-line"),
            pattern(r"\bLaravel\b\s*(?:<[^>]*>\s*)*\d+\.\d+"),
        ),
    ),
    Marker(
        "Whoops",
        (
            pattern(r"<div class=[\"']stack-container\b"),
            pattern(r"<div class=[\"'][^\"']*(?:frames|details)-container\b"),
        ),
        anywhere=True,
    ),
    Marker("Whoops", (pattern(r"Whoops! There was an error"),)),
    Marker(
        "Symfony's error page",
        (pattern(r"<div class=[\"'][^\"']*exception-message-wrapper\b"),),
        anywhere=True,
    ),
    Marker("Symfony's error page", (pattern(r"Symfony Exception|\bclass=[\"']?sf-dump\b"),)),
    Marker("Laravel's source", (_SOURCE,)),
    Marker(
        "Django's error page",
        (pattern(r"id=[\"']explanation[\"']"), pattern(r"because you have\s*<code>\s*DEBUG\s*=\s*True\s*</code>")),
        anywhere=True,
    ),
    Marker("Rails' error page", (pattern(r"<title>\s*Action Controller: Exception caught"),)),
    Marker("Rails' error page", (pattern(r"<h1>[^<]*Error[^<]*</h1>"), pattern(r"Rails\.root:\s*/"))),
    Marker(
        "Werkzeug's debugger",
        (pattern(r"//\s*Werkzeug Debugger\s*</title>|\?__debugger__=yes&amp;cmd=resource"),),
        anywhere=True,
    ),
    Marker(
        "ASP.NET's error page",
        (pattern(r"<h1>\s*Server Error in (?:'|&#39;)[^<]*Application"), pattern(r"<b>\s*Stack Trace:\s*</b>")),
    ),
    Marker(
        "ASP.NET's error page", (pattern(r"<title>\s*Internal Server Error\s*</title>"), pattern(r"id=\"stackpage\""))
    ),
    Marker(
        "a warning of PHP",
        (
            pattern(
                r"<br ?/?>\s*<b>(?:Parse error|Fatal error|Warning|Notice|Deprecated)</b>:\s[\s\S]{0,2000}?"
                r" in <b>(?:/|[A-Z]:\\)[^<]+</b> on line <b>\d+</b>"
            ),
        ),
        anywhere=True,
    ),
    Marker(
        "Express' error page",
        (pattern(r"<title>Error</title>\s*</head>\s*<body>\s*<pre>[^<]*(?:<br>\s*)(?:&nbsp;|\s)+at "),),
        whole=True,
    ),
)
_TEXTS = (
    Marker("Laravel's source", (_SOURCE,)),
    Marker("a traceback of Python", (pattern(r"^Traceback \(most recent call last\):\s*$"),)),
    Marker(
        "a stack trace of PHP",
        (pattern(r"^(?:PHP )?(?:Fatal error|Warning):\s.* in /.* on line \d+|^#0 /\S+\.php\(\d+\)"),),
    ),
    Marker("a stack trace of Ruby", (pattern(r"^Rails\.root: /"),)),
)
_KEYS = tuple(
    tuple(pattern(rf'"{key}"\s*:') for key in keys)
    for keys in (("exception", "file", "line", "trace"), ("exception", "traces"))
)


def debug_page(answer: Answer) -> str:
    """Whose debug page this is; empty when it is none."""
    error = answer.status >= _ERROR
    if not is_page(answer):
        texts = _TEXTS if error and not is_json(answer) else ()
        return next((one.name for one in texts if _holds(one, answer.body)), "")
    shown = markup(answer.body)
    for one in _PAGES:
        if (error or one.anywhere) and _holds(one, answer.body if one.whole else shown):
            return one.name
    return ""


def debug_keys(answer: Answer) -> str:
    """The keys of a debug answer in JSON; empty when it is none."""
    if answer.status < _ERROR or not is_json(answer):
        return ""
    for keys in _KEYS:
        if all(key.search(answer.body) for key in keys):
            return ", ".join(key.pattern.decode().split('"')[1] for key in keys)
    return ""


def _holds(marker: Marker, body: bytes) -> bool:
    return all(part.search(body) for part in marker.patterns)
