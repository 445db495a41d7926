"""What a page offers: its forms with fields and buttons, its links, a banner in the way; each with the best target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from playwright.async_api import JSHandle, Page

from smokerunner.browser.locating import locate
from smokerunner.browser.page_script import page_script
from smokerunner.model.record import record
from smokerunner.model.target import Target

_IS_IT = "(element, [all, index]) => all[index] === element"
Notation = Mapping[str, Any]
"""A target as it stands in a flow file."""


@record
class FieldSeen:
    """A field of a form. `target` finds it alone; it is empty when nothing does."""

    type: str = "text"
    """The `type` of an input; else `textarea`, `select` or the element's own name."""
    name: str = ""
    autocomplete: str = ""
    label: str = ""
    placeholder: str = ""
    required: bool = False
    shown: bool = True
    checked: bool = False
    options: tuple[str, ...] = ()
    """What a select offers, the first few."""
    target: Notation = field(default_factory=dict)


@record
class ButtonSeen:
    """A button by what a person reads on it."""

    words: str = ""
    type: str = "submit"
    shown: bool = True
    opens: bool = False
    """Whether it says that it opens a menu."""
    target: Notation = field(default_factory=dict)


@record
class FormSeen:
    """A form, or what looks like one to a person."""

    fields: tuple[FieldSeen, ...] = ()
    buttons: tuple[ButtonSeen, ...] = ()
    id: str = ""
    name: str = ""
    action: str = ""
    """As it is written; empty when it goes to the page itself, or a script sends it."""
    method: str = ""
    role: str = ""
    heading: str = ""
    """The heading in or above it."""
    captcha: str = ""
    """Which kind of CAPTCHA stands in it."""


@record
class LinkSeen:
    """A link; `url` is absolute."""

    words: str
    url: str
    shown: bool = True


@record
class BannerSeen:
    """Something that asks for consent before anything else can be done."""

    words: str
    buttons: tuple[str, ...]


@record
class PageSeen:
    """One page as it was looked at."""

    url: str = ""
    title: str = ""
    forms: tuple[FormSeen, ...] = ()
    links: tuple[LinkSeen, ...] = ()
    buttons: tuple[ButtonSeen, ...] = ()
    banner: BannerSeen | None = None
    alerts: tuple[str, ...] = ()
    """What it complains of."""
    captcha: str = ""


async def read_page(page: Page) -> PageSeen:
    """Look at a page as it is now."""
    handle = await page.evaluate_handle(page_script("forms.js"))
    try:
        data = await (await handle.get_property("data")).json_value()
        elements = await handle.get_property("elements")
        return PageSeen(
            url=data["url"],
            title=data["title"],
            forms=tuple([await _form(page, elements, form) for form in data["forms"]]),
            links=tuple(LinkSeen(link["words"], link["url"], link["shown"]) for link in data["links"]),
            buttons=tuple(_button(button, {}) for button in data["buttons"]),
            banner=BannerSeen(data["banner"]["words"], tuple(data["banner"]["buttons"])) if data["banner"] else None,
            alerts=tuple(data["alerts"]),
            captcha=data["captcha"],
        )
    finally:
        await handle.dispose()


async def fingerprint(page: Page) -> str:
    """What tells whether a page still changes: its address, and how much of what stands there."""
    script = (
        "() => [location.href, document.title, document.body?.innerText.length, document.readyState,"
        " document.querySelectorAll('input, button, a, form, h1').length].join(' ')"
    )
    return str(await page.evaluate(script))


async def _form(page: Page, elements: JSHandle, data: Mapping[str, Any]) -> FormSeen:
    around = {"css": data["css"]} if data["css"] else None
    fields = []
    for item in data["fields"]:
        target = await _first(page, elements, item["index"], _ways_to_field(item, around)) if item["shown"] else {}
        fields.append(
            FieldSeen(
                type=item["type"] or ("text" if item["tag"] == "input" else item["tag"]),
                name=item["name"],
                autocomplete=item["autocomplete"].lower(),
                label=item["label"],
                placeholder=item["placeholder"],
                required=item["required"],
                shown=item["shown"],
                checked=item["checked"],
                options=tuple(item["options"]),
                target=target,
            )
        )
    buttons = []
    for item in data["buttons"]:
        ways = _ways_to_button(item["words"], item["type"], around)
        buttons.append(_button(item, await _first(page, elements, item["index"], ways) if item["shown"] else {}))
    return FormSeen(
        fields=tuple(fields),
        buttons=tuple(buttons),
        **{key: data[key] for key in ("id", "name", "action", "method", "role", "heading", "captcha")},
    )


def _button(data: Mapping[str, Any], target: Notation) -> ButtonSeen:
    return ButtonSeen(data["words"], data["type"], data["shown"], data["opens"], target)


def _ways_to_field(data: Mapping[str, Any], around: Notation | None) -> Iterator[dict[str, Any]]:
    """As the recorder ranks them, but a label before a test id, and in its form before a selector."""
    ways: Sequence[Mapping[str, Any]] = data["ways"]
    label = data["label"].rstrip(" *:\u00a0")
    for kind, words in (("label", label), ("placeholder", data["placeholder"])):
        if words and len(words) < 80:
            yield {kind: _escaped(words)}
            yield {kind: {"is": _escaped(words)}}
    for way in ways:
        if "test_id" in way:
            yield {"test_id": _escaped(way["test_id"])}
    for kind, words in (("label", label), ("placeholder", data["placeholder"])):
        if words and len(words) < 80 and around is not None:
            yield {kind: _escaped(words), "within": around}
            yield {kind: {"is": _escaped(words)}, "within": around}
    for way in ways:
        if "css" in way:
            yield {"css": _escaped(way["css"])}


def _ways_to_button(words: str, kind: str, around: Notation | None) -> Iterator[dict[str, Any]]:
    if words and len(words) < 60:
        yield {"button": _escaped(words)}
        yield {"button": {"is": _escaped(words)}}
        if around is not None:
            yield {"button": _escaped(words), "within": around}
            yield {"button": {"is": _escaped(words)}, "within": around}
    if kind == "submit":
        if around is not None:
            yield {"css": f"{around['css']} [type=submit]"}
        yield {"css": "form button[type=submit], form input[type=submit], form button:not([type])"}


async def _first(page: Page, elements: JSHandle, index: int, ways: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """The first way that finds this element and no other; empty when none does."""
    for way in ways:
        found = locate(page, Target.model_validate(way))
        if await found.count() == 1 and await found.evaluate(_IS_IT, [elements, index]):
            return way
    return {}


def _escaped(text: str) -> str:
    return text.replace("${", "$${")
