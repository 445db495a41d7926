"""A target that matches nothing: which part of it is missing, or what is there instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smokerunner.model.matcher import Matcher
from smokerunner.model.target import SHORT_ROLES, Target

if TYPE_CHECKING:
    from smokerunner.browser.looks import Looks

_SHOWN = 5
_NAMELESS = frozenset({"alert", "listitem", "log", "paragraph", "status", "term"})
"""Roles that get no name from what stands in them."""
# What a person would call each element: for fields their label, else their own words.
_NAMES = """(all, by) => all.map(element => {
    const labels = [...(element.labels || [])].map(label => label.innerText).join(' ');
    const named = (element.getAttribute('aria-labelledby') || '').split(' ')
        .map(id => document.getElementById(id)?.innerText || '').join(' ').trim();
    const found = by ? element.getAttribute(by)
        : element.getAttribute('aria-label') || named || labels || element.getAttribute('alt')
          || (element.type === 'submit' || element.type === 'button' ? element.value : '')
          || element.innerText || element.getAttribute('placeholder') || '';
    const words = found.trim().split(/\\s+/).join(' ');
    return words.length > 40 ? words.slice(0, 39) + '…' : words;
})"""
_ATTRIBUTES = {"test_id": "data-testid", "placeholder": "placeholder", "alt": "alt", "title": "title"}


async def explain(page: Looks, target: Target) -> str:
    """`heading "Welcome" is not there; headings here: "Sign in"`; the first reason that can be found."""
    said = f"{target} is not there"
    for outer in (target.frame, target.within):
        if outer is not None:
            number = await page.count(outer.alone)
            if number == 0:
                return f"{said}, as {outer} is not either"
            if number > 1 and outer is target.frame:
                return f"{said}, as {await page.ambiguity(outer)}"
    reason = await _condition(page, target) or await _others(page, target)
    tried = f", nor was a fallback ({len(target.fallbacks)})" if target.fallbacks else ""
    return f"{said}{tried}{reason}"


async def _condition(page: Looks, target: Target) -> str:
    """Which narrowing leaves nothing over."""
    bare = target.model_copy(update={"nth": None, "fallbacks": ()})
    if target.nth is not None and (number := await page.count(bare)):
        return f"; there {'is' if number == 1 else 'are'} only {number}"
    for narrowing, words in (("has_text", "with that text"), ("has", "with that inside")):
        if getattr(bare, narrowing) is not None:
            number = await page.count(bare.model_copy(update={narrowing: None}))
            if number:
                return f"; there {'is' if number == 1 else 'are'} {number}, but none {words}"
    return ""


async def _others(page: Looks, target: Target) -> str:
    """What else the same finder would find in the same place."""
    kept = {"within": target.within, "frame": target.frame}
    finder, by = target.finder, _ATTRIBUTES.get(target.finder, "")
    role = str(target.role) if finder == "role" else finder if finder in SHORT_ROLES else ""
    if role:
        around = Target.model_validate({"role": role}).model_copy(update=kept)
    elif finder == "label":
        around = Target.model_validate({"css": "input:not([type=hidden]), select, textarea"}).model_copy(update=kept)
    elif by:
        around = Target.model_validate({"css": f"[{by}]"}).model_copy(update=kept)
    else:
        return ""
    names = await page.names(around, _NAMES, by)
    shown = list(dict.fromkeys(name for name in names if name))
    word = (role or finder).replace("_", " ")
    if not shown:
        return f"; there is no {word} here at all" if not names else ""
    listed = ", ".join(f'"{name}"' for name in shown[:_SHOWN]) + (", …" if len(shown) > _SHOWN else "")
    named = target.name if finder == "role" else target.finds if role in _NAMELESS else None
    hint = ""
    if role in _NAMELESS and isinstance(named, Matcher) and any(map(named.accepts, names)):
        written = f"{role}: ''" if role in SHORT_ROLES else f"role: {role}"
        hint = f"; what stands in a {role} is no name: write {{{written}, has_text: …}}"
    return f"; {word}{'es' if word.endswith(('s', 'x', 'ch')) else 's'} here: {listed}{hint}"
