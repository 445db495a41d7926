"""The steps of one recording, turned into acts one after the other."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from pathlib import PureWindowsPath
from typing import Any

from smokerunner.authoring.act import KEY_DOWN, KEY_UP, TODO, Act, Remark, View
from smokerunner.importers.chrome_recorder.selectors import Element, read_element
from smokerunner.importers.chrome_recorder.waiting import element_facts, expression_facts
from smokerunner.importers.importer import duration, literal, shorten
from smokerunner.model.flow import FlowFile

DEFAULT_TIMEOUT = 5000
"""Milliseconds: the recorder's own, so nobody chose it."""
_MOUSE = {"primary": "left", "auxiliary": "middle", "secondary": "right"}
_BLANK = re.compile(r"about:blank|(chrome|edge)://.*")
_PASSWORD = re.compile(r"passw|passphrase|secret|\bpin\b", re.IGNORECASE)
_LIST = re.compile(r"select(?!ed)|dropdown")
_LONG_PRESS = 500
# Words in selectors that belong to fields one types into; without any, it might as well be a list.
_TYPED = re.compile(
    r"mail|user|login|passw|search|query|phone|tel|name|address|city|street|zip|post|text|message|comment|note|"
    r"input|field|code|otp|title|card|amount|box|\bq\b"
)


class Reader:
    """Reads steps in order; `acts` and `remarks` grow."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.remarks: list[Remark] = []
        self._place = ""
        self._step: Mapping[str, Any] = {}
        self._pages: dict[str, str] = {"main": ""}
        self._scrolled: dict[str, int] = {}
        self._from = 0
        self._readers: dict[str, Callable[[], None]] = {
            "navigate": self._navigate,
            "click": self._click,
            "doubleClick": self._click,
            "hover": lambda: self._act("hover", self._element()),
            "change": self._change,
            "keyDown": lambda: self._keep(Act(KEY_DOWN, value=literal(self._step["key"]))),
            "keyUp": lambda: self._keep(Act(KEY_UP, value=literal(self._step["key"]))),
            "scroll": self._scroll,
            "setViewport": self._set_viewport,
            "emulateNetworkConditions": self._emulate,
            "close": self._close,
            "waitForElement": self._wait_for_element,
            "waitForExpression": self._wait_for_expression,
        }

    def read(self, step: Mapping[str, Any], place: str) -> None:
        """One step; an unknown one becomes a `todo`."""
        self._step, self._place = step, place
        self._readers.get(step["type"], lambda: self._refuse("there is nothing like it here"))()

    def _element(self, *, writes: bool = False) -> Element:
        frame = self._step.get("frame") or ()
        if frame:
            self._remark("the frame is named by its position; name it by its title if it has one")
        return read_element(self._step["selectors"], frame, writes=writes)

    def _navigate(self) -> None:
        url = self._step["url"]
        if _BLANK.fullmatch(url):
            self._remark("left out: every flow begins on an empty page")
            return
        self._scrolled.pop(self._page(), None)
        self._keep(Act("goto", value=literal(url)))

    def _click(self) -> None:
        step, element = self._step, self._element()
        button = step.get("button", "primary")
        if button == "back":
            self._keep(Act("back", value=True))
            return
        if button not in _MOUSE:
            self._refuse(f"there is no mouse button {button!r}")
            return
        beside: dict[str, Any] = {"mouse": _MOUSE[button]} if button != "primary" else {}
        if step["type"] == "doubleClick":
            beside["count"] = 2
        if element.tag == "canvas":
            self._remark(f"clicked in the middle of the canvas, not at {step.get('offsetX')}, {step.get('offsetY')}")
        if step.get("deviceType") in ("touch", "pen"):
            self._remark(f"clicked with the mouse, not by {step['deviceType']}")
        if step.get("duration", 0) > _LONG_PRESS:
            self._remark(f"clicked at once, not held for {step['duration']:g} ms")
        self._act("click", element, beside)

    def _change(self) -> None:
        element, value = self._element(writes=True), str(self._step["value"])
        is_list = element.role in ("combobox", "listbox") or _LIST.search(element.words) is not None
        if element.tag == "select":
            self._act("select", element, {"with": {"value": literal(value)}})
        elif element.type in ("checkbox", "radio") or element.role in ("checkbox", "radio", "switch"):
            self._act("uncheck" if value in ("false", "off", "") else "check", element)
        elif element.type == "file" or re.match(r"[A-Z]:\\fakepath\\", value):
            name = PureWindowsPath(value).name
            self._remark(f"the recording holds only the name of {name}; put the file beside the flow file")
            self._act("upload", element, {"with": literal(name)})
        elif is_list and element.tag not in ("input", "textarea"):
            self._remark("taken as a select list; if it is a text field, write `fill` with the text")
            self._act("select", element, {"with": {"value": literal(value)}})
        else:
            known = element.tag in ("input", "textarea") or element.role or "@" in value
            if not known and not _TYPED.search(element.words):
                self._remark("taken as a text field; if it is a select list, write `select` with {value: …}")
            self._keep(Act("fill", element.targets, beside={"with": literal(value)}))

    def _scroll(self) -> None:
        step = self._step
        if step.get("selectors"):
            self._remark("scrolled until the element is in view, not inside the element")
            self._act("scroll", self._element())
            return
        if step.get("x"):
            self._remark("scrolled down only, not sideways")
        page = self._page()
        to = round(step.get("y") or 0)
        last = self.acts[-1] if self.acts else None
        goes_on = last is not None and last.action == "scroll" and not last.targets and last.page == page
        if last is not None and goes_on:
            # Only where it ends matters.
            del self.acts[-1]
        else:
            self._from = self._scrolled.get(page, 0)
        self._scrolled[page] = to
        if to != self._from or goes_on:
            self._keep(Act("scroll", value={"by": to - self._from} if to else {"to": "top"}))
            if last is not None and goes_on:
                self.acts[-1] = dataclasses.replace(
                    self.acts[-1], original=f"{last.original}\n{self.acts[-1].original}"
                )
        else:
            self._remark("left out: the page was there already")

    def _set_viewport(self) -> None:
        size = f"{self._step['width']:g}x{self._step['height']:g}"
        is_usual = size == FlowFile.model_fields["viewport"].default
        says = (
            "flows have this size anyway" if is_usual else f"write `viewport: {size}` into the flow file if it matters"
        )
        self._remark(f"left out: {says}")

    def _emulate(self) -> None:
        if not self._step.get("download") and not self._step.get("upload"):
            self._refuse("a page cannot be taken offline here")
        else:
            self._remark("left out: the network is as fast as it is")

    def _close(self) -> None:
        self._remark(
            "left out: the new page closes when its steps are done" if self._page()
            else "left out: the browser closes when the flow ends"
        )  # fmt: skip

    def _wait_for_element(self) -> None:
        element = self._element()
        wait = element_facts(self._step, element)
        if wait.remark:
            self._remark(wait.remark)
        if wait.value:
            self._keep(Act("expect", value=wait.value))
        if wait.left:
            self._refuse(f"cannot be expected here: {'; '.join(wait.left)}")

    def _wait_for_expression(self) -> None:
        wait = expression_facts(str(self._step["expression"]))
        if wait is None:
            self._refuse("no JavaScript runs in a flow; say with `expect` what a person would see")
            return
        if wait.remark:
            self._remark(wait.remark)
        if wait.value is not None:
            self._keep(Act(wait.action, value=wait.value))

    def _act(self, action: str, element: Element, beside: Mapping[str, Any] | None = None) -> None:
        self._keep(Act(action, element.targets, beside=dict(beside or {})))

    def _keep(self, act: Act) -> None:
        """Add what all acts have: page, time-out, what was seen afterwards, and the original."""
        if act.action not in (KEY_DOWN, KEY_UP, TODO) and not act.targets and act.value is None:
            self._refuse("none of its selectors can be used")
            return
        page = self._page()
        timeout = self._step.get("timeout", DEFAULT_TIMEOUT)
        beside = dict(act.beside)
        if timeout != DEFAULT_TIMEOUT and act.action not in (KEY_DOWN, KEY_UP, TODO, "pause"):
            beside["timeout"] = duration(timeout)
        view = self._view(page)
        self.acts.append(dataclasses.replace(act, beside=beside, page=page, view=view, original=original(self._step)))

    def _view(self, page: str) -> View | None:
        events = [event for event in self._step.get("assertedEvents") or () if event.get("type") == "navigation"]
        if not events:
            return None
        url = str(events[-1].get("url") or "")
        self._scrolled.pop(page, None)
        # From here on the recorder may call the same page by its new address.
        if page and url:
            self._pages.setdefault(url, page)
        return View(url, str(events[-1].get("title") or ""), navigated=True) if url else None

    def _page(self) -> str:
        """The page of this step; a new one is what the last click in another page opened."""
        target = str(self._step.get("target") or "main")
        if target in self._pages:
            return self._pages[target]
        last = next((index for index in reversed(range(len(self.acts))) if self.acts[index].action != TODO), None)
        if last is None or self.acts[last].action != "click" or self.acts[last].opens is not None:
            self._pages[target] = self.acts[-1].page if self.acts else ""
            self._remark("no click opened this page; its steps are done where the flow stands")
        else:
            self._pages[target] = target
            self.acts[last] = dataclasses.replace(self.acts[last], opens=target)
        return self._pages[target]

    def _refuse(self, reason: str) -> None:
        written = original(self._step)
        self.acts.append(Act(TODO, value=written, page=self._page(), original=written))
        self._remark(f"still to do: {reason}", refused=True)

    def _remark(self, says: str, *, refused: bool = False) -> None:
        self.remarks.append(Remark(self._place, shorten(_brief(self._step)), says, refused))


def original(step: Mapping[str, Any]) -> str:
    """The step as one line of JSON; what was typed into a field that may hold a password is left out."""
    shown = dict(step)
    if step.get("type") == "change" and _PASSWORD.search(json.dumps(step.get("selectors"))):
        shown["value"] = "…"
    return json.dumps(shown, ensure_ascii=False)


def _brief(step: Mapping[str, Any]) -> str:
    """The step for a person: its type, and what it is about."""
    about = next((step[key] for key in ("url", "expression", "name", "key") if step.get(key)), "")
    if step.get("selectors"):
        first = step["selectors"][0]
        about = first if isinstance(first, str) else " >>>> ".join(str(piece) for piece in first)
    return f"{step['type']} {about}".strip()
