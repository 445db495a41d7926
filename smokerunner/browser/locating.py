"""From a target in the flow language to Playwright's locator."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import FrameLocator, Locator, Page

from smokerunner.model.matcher import Matcher
from smokerunner.model.target import SHORT_ROLES, Target

Root = Page | Locator | FrameLocator


def locate(root: Root, target: Target) -> Locator:
    """The locator of a rendered target below `root`; fallbacks are left aside."""
    if target.frame is not None:
        root = locate(root, target.frame).content_frame
    if target.within is not None:
        root = locate(root, target.within)
    found = _finder(root, target)
    if target.has is not None:
        # What is inside is looked for inside each match, so its own locator starts at the page.
        found = found.filter(has=locate(_page_of(root), target.has))
    if target.has_text is not None:
        found = found.filter(has_text=_loose(target.has_text))
    if target.nth == "first":
        return found.first
    if target.nth == "last":
        return found.last
    return found if target.nth is None else found.nth(target.nth - 1)


def _finder(root: Root, target: Target) -> Locator:
    if target.css is not None:
        return root.locator(f"css={target.css}")
    if target.xpath is not None:
        return root.locator(f"xpath={target.xpath}")
    if target.role is not None:
        return _by_role(root, str(target.role), target.name)
    finder = target.finder
    matcher = target.finds
    assert isinstance(matcher, Matcher)
    if finder in SHORT_ROLES:
        return _by_role(root, finder, matcher)
    text, exact = _text(matcher)
    if finder == "test_id":
        # A test id is a name, not prose: a plain string means the whole id.
        return root.get_by_test_id(text)
    if finder == "label":
        return root.get_by_label(text, exact=exact)
    if finder == "placeholder":
        return root.get_by_placeholder(text, exact=exact)
    if finder == "alt":
        return root.get_by_alt_text(text, exact=exact)
    if finder == "title":
        return root.get_by_title(text, exact=exact)
    return root.get_by_text(text, exact=exact)


def _by_role(root: Root, role: str, name: Matcher | None) -> Locator:
    known: Any = role
    if name is None or (name.part is not None and not name.part):
        return root.get_by_role(known)
    text, exact = _text(name)
    return root.get_by_role(known, name=text, exact=exact)


def _text(matcher: Matcher) -> tuple[Any, bool | None]:
    """Playwright's text and `exact`; with a regular expression `exact` does not apply."""
    if matcher.matches is not None:
        return _expression(matcher.matches), None
    return (str(matcher.is_), True) if matcher.is_ is not None else (str(matcher.part), False)


def _loose(matcher: Matcher) -> Any:
    if matcher.matches is not None:
        return _expression(matcher.matches)
    if matcher.is_ is not None:
        return re.compile(rf"^\s*{re.escape(matcher.is_)}\s*$")
    return str(matcher.part)


def _expression(pattern: str) -> re.Pattern[str]:
    """Python's flags at the beginning, such as (?i), become flags of the browser's expression, which has no such."""
    compiled = re.compile(pattern)
    flags = compiled.flags & (re.IGNORECASE | re.MULTILINE | re.DOTALL)
    bare = re.sub(r"^\(\?[aiLmsux]+\)", "", pattern)
    # The page's source may begin or end an element with white space that nobody sees.
    if bare.startswith("^"):
        bare = rf"^\s*{bare[1:]}"
    if bare.endswith("$") and not bare.endswith(r"\$"):
        bare = rf"{bare[:-1]}\s*$"
    return re.compile(bare, flags)


def _page_of(root: Root) -> Page:
    if isinstance(root, FrameLocator):
        return root.owner.page
    return root.page if isinstance(root, Locator) else root
