"""A target that matches several elements: what would narrow it, ready to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smokerunner.model.matcher import Matcher
from smokerunner.model.target import Target

if TYPE_CHECKING:
    from smokerunner.browser.looks import Looks

# For each match the nearest named landmark, dialog, row or list item around it, and what it may be called itself.
_AROUND = """all => all.slice(0, 4).map(element => {
    const tags = {DIALOG: 'dialog', NAV: 'navigation', MAIN: 'main', FORM: 'form', TR: 'row', LI: 'listitem',
                  ARTICLE: 'article', SECTION: 'region'};
    const named = e => (e.getAttribute('aria-label')
        || (e.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id)?.innerText || '')
            .join(' ')).trim();
    // At the end of a word: half a secret would not be known for one.
    const beginning = text => text.length > 60 ? text.slice(0, 60).replace(/\\S*$/, '').trim() : text;
    const around = [];
    for (let e = element.parentElement; e; e = e.parentElement) {
        const role = e.getAttribute('role') || tags[e.tagName];
        if (!role || !Object.values(tags).includes(role)) continue;
        const name = named(e) || (role === 'row' ? beginning((e.cells?.[0]?.innerText || '').trim()) : '');
        if (name || role === 'main' || role === 'navigation') around.push([role, name]);
        else if (role === 'listitem' || role === 'article') {
            const line = beginning(e.innerText.trim().split('\\n')[0]);
            if (line) around.push([role, line, 'has_text']);
        }
    }
    const names = [element.getAttribute('aria-label'), ...[...(element.labels || [])].map(label => label.innerText),
        element.innerText, element.value, ...['placeholder', 'alt', 'title'].map(name => element.getAttribute(name))];
    const words = names.filter(Boolean).map(name => name.trim().split(/\\s+/).join(' '));
    return {names: words.filter(name => name.length < 80), around};
})"""


async def explain(page: Looks, target: Target) -> str:
    """`… matches 2 elements; narrow it: …`, each narrowing proved to match exactly one."""
    number = await page.count(target)
    ready = [paste(narrowed) for narrowed in await narrowings(page, target)]
    return f"{target} matches {number} elements; narrow it: " + "  or  ".join(ready)


async def narrowings(page: Looks, target: Target) -> list[dict[str, Any]]:
    """For each of the first few matches a target, as it is written in a flow file, that finds it alone."""
    matches: list[dict[str, Any]] = await page.locate(target).evaluate_all(_AROUND)
    return [await _narrowing(page, target, position, match) for position, match in enumerate(matches, start=1)]


async def _narrowing(page: Looks, target: Target, position: int, match: dict[str, Any]) -> dict[str, Any]:
    written = target.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
    named = "name" if target.role is not None else target.finder
    matcher = getattr(target, named)
    if isinstance(matcher, Matcher) and not matcher.is_exact and named != "test_id":
        for name in match["names"]:
            tried = {**written, named: {"is": name}}
            if await _finds(page, tried, target, position):
                return tried
    if target.within is None:
        for role, name, *how in match["around"]:
            for outer in ({role: "", "has_text": name},) if how else ({role: name}, {role: {"is": name}}):
                tried = {**written, "within": outer}
                if await _finds(page, tried, target, position):
                    return tried
    return {**written, "nth": position}


async def _finds(page: Looks, tried: dict[str, Any], target: Target, position: int) -> bool:
    """Whether a narrowing finds this very element and no other."""
    narrowed = Target.model_validate(tried)
    if await page.count(narrowed) != 1:
        return False
    return bool(await page.locate(narrowed).and_(page.locate(target).nth(position - 1)).count())


def paste(data: Any) -> str:
    """YAML in one line, quoted where it must be."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{key}: {paste(item)}" for key, item in data.items()) + "}"
    if isinstance(data, list | tuple):
        return "[" + ", ".join(paste(item) for item in data) + "]"
    text = str(data)
    text = text.replace("${", "$${")
    plain = text and text[0].isalnum() and text[-1] != " " and not any(sign in text for sign in ",:{}[]#&*!|>'\"%@`\n")
    return text if plain and text.lower() != "null" else "'" + text.replace("'", "''").replace("\n", " ") + "'"
