"""One recorded action of Playwright's recorder, turned into an act."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from smokerunner.authoring.act import TODO, Act, Field, Notation, View
from smokerunner.importers.playwright_codegen.locators import escape, notation_of, read_target
from smokerunner.importers.playwright_codegen.selectors import Inexpressible

Line = Mapping[str, Any]
"""One line of `--target=jsonl`: an action, its signals, its page and its locator."""

_MODIFIERS = {2: "Control", 1: "Alt", 4: "Meta", 8: "Shift"}
_BLANK = ("", "about:blank", "chrome://newtab/")
_CHOSEN_FILE = "C:\\fakepath\\"
"""What a browser shows of a chosen file, on every system; some recordings have it as typed text."""
_ENTER = " >> internal:control=enter-frame >> "


@dataclass(frozen=True)
class Understood:
    """What an action became. `says` tells what was not carried over as it stood; `refused`, that it is still to do."""

    act: Act | None = None
    says: tuple[str, ...] = ()
    refused: bool = False


def acts_of(line: Line, page_of: Callable[[str], str] | None = None) -> Act | None:
    """The act of an action line; None for what is no act here, such as opening an empty page.

    `page_of` turns Playwright's page into the name of a page in an act; without it, the alias `page` is the first.
    """
    return understand(line, page_of).act


def understand(line: Line, page_of: Callable[[str], str] | None = None) -> Understood:
    """The act of an action line, and what was not carried over."""
    name = str(line.get("name", ""))
    named = page_of or (lambda page: "" if page == "page" else page)
    original = str(line.get("original") or _original(line))
    page = named(page_id(line))
    try:
        found = _READ[name](line) if name in _READ else Understood(None, ("this action is not known",), refused=True)
    except Inexpressible as reason:
        found = Understood(None, (f"its element is found by {reason}, which a target cannot say",), refused=True)
    if found.refused:
        found = replace(found, act=Act(TODO, value=escape(original)))
    if found.act is None:
        return found
    act, says = with_signals(replace(found.act, page=page, original=original), signals_of(line), named)
    return replace(found, act=act, says=(*found.says, *says))


_BESIDE = ("signals", "pageGuid", "pageAlias", "locator", "ref", "preconditionSelector")


def _original(line: Line) -> str:
    """The action as written, but never what was typed: it may be a password, and originals are shown."""
    kept = {key: "…" if key == "text" and line["name"] == "fill" else line[key] for key in line if key not in _BESIDE}
    return json.dumps(kept, ensure_ascii=False)


def page_id(line: Line) -> str:
    """Playwright's name of the page that a line belongs to."""
    return str(line.get("pageGuid") or line.get("pageAlias") or "page")


def popup_of(signal: Line) -> str:
    """Playwright's name of the page that a popup signal is about."""
    return str(signal.get("popupPageGuid") or signal.get("popupAlias"))


def signals_of(line: Line) -> tuple[Line, ...]:
    """The signals of an action, in order."""
    return tuple(line.get("signals") or ())


def with_signals(act: Act, signals: tuple[Line, ...], named: Callable[[str], str]) -> tuple[Act, tuple[str, ...]]:
    """The act with what it caused, and what could not be said of that."""
    says = []
    url, navigated, appeared = "", False, []
    beside = dict(act.beside)
    opens = act.opens
    for signal in signals:
        kind = signal.get("name")
        if kind == "navigation":
            url, navigated = str(signal.get("url", "")), True
        elif kind == "popup":
            opens = named(popup_of(signal))
        elif kind == "download":
            beside["download"] = True
        elif kind == "dialog":
            beside["dialog"] = signal.get("answer") or "accept"
            if "answer" not in signal:
                says.append("the recording does not tell how the dialog was answered; it is accepted")
        elif kind == "expect":
            try:
                appeared.append(read_target(None, str(signal.get("selector", ""))))
            except Inexpressible as reason:
                says.append(f"what appeared is found by {reason}; it is not expected")
        else:
            says.append(f"the signal {kind} is not known; it is left out")
    view = View(url=url, navigated=navigated, appeared=tuple(appeared)) if url or navigated or appeared else None
    return replace(act, beside=beside, opens=opens, view=view or act.view), tuple(says)


def element_of(line: Line) -> Notation:
    """The target of an action line; raises Inexpressible. A script's line has its locator's pieces."""
    if "pieces" in line:
        return notation_of(line["pieces"])
    selector = str(line.get("selector") or "")
    frames = [str(frame) for frame in line.get("framePath") or ()]
    return read_target(None if frames else line.get("locator"), _ENTER.join([*frames, selector]) if selector else "")


def _open_page(line: Line) -> Understood:
    url = str(line.get("url", ""))
    return Understood(None if url in _BLANK else Act("goto", value=escape(url)))


def _close_page(_: Line) -> Understood:
    return Understood(None)


def _navigate(line: Line) -> Understood:
    return Understood(Act("goto", value=escape(str(line.get("url", "")))))


def _click(line: Line) -> Understood:
    beside: dict[str, Any] = {}
    says = []
    if line.get("button", "left") != "left":
        beside["mouse"] = line["button"]
    count = int(line.get("clickCount", 1))
    if count == 0:
        # No mouse did it: the browser clicks the button of a form whose field got Enter. Tidying knows this mark.
        beside["count"] = "0"
    elif count > 1:
        beside["count"] = min(count, 3)
        if count > 3:
            says.append(f"{count} clicks in a row; three are made")
    if modifiers := modifiers_of(line):
        beside["modifiers"] = modifiers[0] if len(modifiers) == 1 else modifiers
    return Understood(Act("click", (element_of(line),), beside=beside), (*says, *_position(line)))


def _hover(line: Line) -> Understood:
    return Understood(Act("hover", (element_of(line),)), _position(line))


def _position(line: Line) -> tuple[str, ...]:
    at = line.get("position")
    return (f"the point {at.get('x')},{at.get('y')} is left out; the middle of the element is used",) if at else ()


def _plain(action: str) -> Callable[[Line], Understood]:
    return lambda line: Understood(Act(action, (element_of(line),)))


def _fill(line: Line) -> Understood:
    target = element_of(line)
    text = str(line.get("text", ""))
    if text.startswith(_CHOSEN_FILE):
        return _set_files({**line, "files": [text.removeprefix(_CHOSEN_FILE)]})
    beside = {"with": escape(text)}
    return Understood(Act("fill", (target,), beside=beside, written=field_of(target)))


def _press(line: Line) -> Understood:
    chord = "+".join((*modifiers_of(line), str(line.get("key", ""))))
    return Understood(Act("press", (element_of(line),), value=escape(chord)))


def _select(line: Line) -> Understood:
    options: list[Any] = [
        {"value": escape(option)} if isinstance(option, str) else option for option in line.get("options", ())
    ]
    beside = {"with": options[0] if len(options) == 1 else options}
    return Understood(Act("select", (element_of(line),), beside=beside))


def _set_files(line: Line) -> Understood:
    files = [escape(str(name)) for name in line.get("files", ())]
    beside = {"with": files[0] if len(files) == 1 else files}
    said = ("a recording has the files' names only; put them beside the flow file",) if files else ()
    return Understood(Act("upload", (element_of(line),), beside=beside), said)


def _assert_text(line: Line) -> Understood:
    text = escape(str(line.get("text", "")))
    reads = text if line.get("substring") else {"is": text}
    return _expect({"text_of": {"of": element_of(line), "reads": reads}})


def _assert_value(line: Line) -> Understood:
    return _expect({"value": {"of": element_of(line), "reads": {"is": escape(str(line.get("value", "")))}}})


def _assert_checked(line: Line) -> Understood:
    target = element_of(line)
    return _expect({"checked": target if line.get("checked", True) else {"of": target, "is": False}})


def _assert_visible(line: Line) -> Understood:
    return _expect({"visible": element_of(line)})


def _assert_snapshot(line: Line) -> Understood:
    target = element_of(line)
    snapshot = escape(str(line.get("ariaSnapshot", "")))
    return _expect({"aria": snapshot if target == {"css": "body"} else {"of": target, "snapshot": snapshot}})


def _expect(facts: Notation) -> Understood:
    return Understood(Act("expect", value=facts))


_READ: dict[str, Callable[[Line], Understood]] = {
    "openPage": _open_page,
    "closePage": _close_page,
    "navigate": _navigate,
    "click": _click,
    "hover": _hover,
    "check": _plain("check"),
    "uncheck": _plain("uncheck"),
    "fill": _fill,
    "press": _press,
    "select": _select,
    "setInputFiles": _set_files,
    "assertText": _assert_text,
    "assertValue": _assert_value,
    "assertChecked": _assert_checked,
    "assertVisible": _assert_visible,
    "assertSnapshot": _assert_snapshot,
}
ACTIONS = tuple(_READ)
"""Every action that Playwright's recorder writes."""


def modifiers_of(line: Line) -> list[str]:
    """The keys held down: a number of bits in a recording."""
    bits = int(line.get("modifiers") or 0)
    return [name for bit, name in _MODIFIERS.items() if bits & bit]


def field_of(target: Notation) -> Field | None:
    """What the way a form field was found tells about it."""
    for finder in ("label", "textbox", "searchbox", "placeholder", "title"):
        if finder in target:
            return Field(label=_words(target[finder]))
    if "role" in target and "name" in target:
        return Field(label=_words(target["name"]))
    css = str(target.get("css", ""))
    kind = re.search(r"""type=["']?(\w+)""", css)
    named = re.search(r"""(?:\[(?:name|id)=["']?|#)([\w-]+)""", css)
    name = named[1] if named else _words(target.get("test_id", ""))
    return Field(type=kind[1] if kind else "", name=name) if name or kind else None


def _words(matcher: Any) -> str:
    return str(next(iter(matcher.values()))) if isinstance(matcher, Mapping) else str(matcher)
