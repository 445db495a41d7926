"""Rules about addresses and elements that are named by where they happen to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from smokerunner.authoring.lint.rule import Finding, Fix, all_steps, parts
from smokerunner.authoring.sheet import Sheet
from smokerunner.language.load import LoadedFile
from smokerunner.language.nodes import Location
from smokerunner.model.matcher import UrlPattern, join
from smokerunner.model.target import Target
from smokerunner.model.template import Template

_POSITION = re.compile(r":(?:nth|first|last)-(?:child|of-type)|:nth-last|:only-child|(?<!\\)[>+~](?!=)")
_XPATH_POSITION = re.compile(r"\[\s*(?:\d+|last\(\)|position\(\))|^/html\b", re.IGNORECASE)
LONG = 60
"""Characters of a selector that nobody can read any more."""
_PARTS = 4
"""Levels of a selector beyond which it follows the page's build, not its meaning."""


def absolute_host(loaded: LoadedFile) -> Iterator[Finding]:
    """Whole addresses, which tie a flow to one installation."""
    base = loaded.file.base_url or ""
    for place, step in all_steps(loaded.file):
        for where, value in parts(step, place):
            if not isinstance(value, Template) or not re.match(r"https?://[^/${}]", value):
                continue
            is_request = step.action == "api" and where[-2:-1] == ("api",)
            if where[-1] != "goto" and not isinstance(value, UrlPattern) and not is_request:
                continue
            path = as_path(str(value), base)
            if path is not None:
                yield Finding(
                    where, f"the address names the host; write the path {path}", _written(loaded, where, path)
                )
            else:
                host = urlsplit(str(value)).netloc
                said = f"{host} is another host than base_url's, so the flow leaves the app; a path goes wherever it is"
                yield Finding(where, said)


def as_path(url: str, base_url: str) -> str | None:
    """The path that means the same below base_url; None for another host."""
    there, base = urlsplit(url), urlsplit(base_url)
    if not base_url or (there.scheme, there.netloc) != (base.scheme, base.netloc):
        return None
    rest = url.split(there.netloc, 1)[1]
    rest = rest if rest.startswith("/") else f"/{rest}"
    inside = rest.removeprefix(base.path.rstrip("/"))
    wanted = f"{there.scheme}://{there.netloc}{rest}"
    return next((path for path in (inside, f"/{rest}") if path and join(base_url, path) == wanted), None)


def _written(loaded: LoadedFile, where: Location, path: str) -> Fix:
    place = loaded.document.written(where)

    def fix(sheet: Sheet) -> None:
        sheet.put(place, path)

    return fix


def css_path(loaded: LoadedFile) -> Iterator[Finding]:
    """Selectors that break when the page is built differently, though it looks the same."""
    for place, step in all_steps(loaded.file):
        for where, value in parts(step, place):
            if not isinstance(value, Target) or "fallbacks" in where:
                continue
            if value.css is not None and _is_path(str(value.css)):
                yield Finding((*where, "css"), _says("CSS selector"))
            elif value.xpath is not None and _is_xpath(str(value.xpath)):
                yield Finding((*where, "xpath"), _says("XPath"))


def _is_path(selector: str) -> bool:
    bare = re.sub(r"\[[^\]]*\]|\"[^\"]*\"|'[^']*'", "", selector)
    return _POSITION.search(bare) is not None or len(bare.split()) >= _PARTS or len(selector) > LONG


def _is_xpath(path: str) -> bool:
    return _XPATH_POSITION.search(path) is not None or path.count("/") > _PARTS or len(path) > LONG


def _says(kind: str) -> str:
    return f"this {kind} follows the page's build; name what a person sees, such as a button, a label or a test_id"
