"""The commands of a Maestro flow, turned into acts one after the other."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from smokerunner.authoring.act import TODO, Act, Remark
from smokerunner.importers.importer import duration, shorten
from smokerunner.importers.maestro.command import Command, Script, spell
from smokerunner.importers.maestro.control import Control
from smokerunner.importers.maestro.selector import Refused, Selected, select, take
from smokerunner.importers.maestro.table import COMMANDS
from smokerunner.importers.maestro.variables import COPIED, Variables

_WINDOW = 500
"""Pixels: most of a window, as far as one swipe goes."""
_KEYS = {
    "enter": "Enter", "backspace": "Backspace", "tab": "Tab", "escape": "Escape", "space": "Space", "delete": "Delete",
}  # fmt: skip
_RANDOM = {
    "inputRandomText": "${unique}", "inputRandomPersonName": "Robin ${unique}", "inputRandomCityName": "Oslo",
    "inputRandomCountryName": "Norway", "inputRandomColorName": "blue",
}  # fmt: skip
_WRITES = ("inputText", "inputRandomEmail", *_RANDOM)
_LEFT_OUT = {
    "hideKeyboard": "there is no keyboard in the way",
    "stopApp": "the next `goto` begins anew",
    "killApp": "the next `goto` begins anew",
    "clearKeychain": "every flow starts with an empty browser",
    "waitForAnimationToEnd": "every step waits until its element is at rest",
    "startRecording": "every step leaves a picture",
    "stopRecording": "every step leaves a picture",
}


class Reader:
    """Reads commands in order; `acts` and `remarks` grow."""

    def __init__(self, url: str) -> None:
        self.acts: list[Act] = []
        self.remarks: list[Remark] = []
        self._url = url
        self._clipboard = f"${{{COPIED}}}"
        self._control = Control(self)
        self._command = Command("", {}, "", "")
        self._variables = Variables({}, {}, lambda *_: None)
        self._when: dict[str, Any] = {}
        self._readers: dict[str, Callable[[dict[str, Any]], None]] = {
            "tapOn": lambda body: self._tap(body, {}),
            "doubleTapOn": lambda body: self._tap(body, {"count": 2}),
            "assertVisible": lambda body: self._expect(body, "visible"),
            "assertNotVisible": lambda body: self._expect(body, "hidden"),
            "extendedWaitUntil": self._wait,
            "inputText": lambda body: self._type(self._written(body)),
            "inputRandomEmail": lambda body: self._type(self._written(body)),
            "eraseText": self._erase,
            "pressKey": self._press,
            "copyTextFrom": self._copy,
            "pasteText": lambda _: self._type(self._clipboard),
            "setClipboard": self._set_clipboard,
            "launchApp": self._launch,
            "openLink": self._open,
            "openBrowser": self._open,
            "back": lambda _: self.keep(Act("back", value=True)),
            "clearState": self._clear,
            "scroll": lambda _: self._scroll(_WINDOW),
            "scrollUntilVisible": self._scroll_to,
            "swipe": self._swipe,
            "takeScreenshot": self._picture,
            "assertScreenshot": self._picture,
            "action": self._legacy,
            **{name: (lambda body: self._type(self._written(body))) for name in _RANDOM},
            **dict.fromkeys(_LEFT_OUT, self._leave_out),
        }

    def read(self, commands: Sequence[Command], variables: Variables, when: Mapping[str, Any], script: Script) -> None:
        """Commands that stand together; `when` holds for each of them, `script` is the file they stand in."""
        skip = 0
        for index, command in enumerate(commands):
            if skip:
                skip -= 1
                continue
            self._command, self._variables, self._when = command, variables, dict(when)
            try:
                skip = self._fill(commands[index:])
                if not skip:
                    self._one(command, script)
            except Refused as reason:
                self._command = command
                self.refuse(str(reason))

    def _one(self, command: Command, script: Script) -> None:
        body = dict(command.body)
        if command.name in Control.COMMANDS:
            # A label would name each of the steps inside.
            self._options(body, but="label")
            self._control.read(command, body, self._variables, self._when, script)
            self._command = command
            self._tell_left(body)
            return
        self._options(body)
        if command.name in self._readers:
            self._readers[command.name](body)
        else:
            known = COMMANDS.get(command.name)
            self.refuse(
                known.says.removeprefix("`todo`").removeprefix(": ") if known else "Maestro has no such command"
            )
            return
        self._tell_left(body)

    def _options(self, body: dict[str, Any], *, but: str = "") -> None:
        """What nearly every command may have."""
        if but != "label" and (label := body.pop("label", "")):
            self._when = {**self._when, "name": self.value(str(label))}
        if str(body.pop("optional", "")).lower() == "true":
            self._when = {**self._when, "on_failure": "warn"}

    def _tell_left(self, body: Mapping[str, Any]) -> None:
        if body:
            self.remark(f"left out: {', '.join(f'{key}: {spell(value)}' for key, value in body.items())}")

    def value(self, text: str) -> str:
        """A text in our terms."""
        return self._variables.value(text)

    def _fill(self, commands: Sequence[Command]) -> int:
        """A tap and the text that is typed after it are one `fill`; how many commands after the tap belong to it."""
        erases = len(commands) > 1 and commands[1].name == "eraseText"
        rest = commands[1:3] if erases else commands[1:2]
        writes = rest and rest[-1].name in _WRITES
        tap = dict(commands[0].body)
        if commands[0].name != "tapOn" or not (writes or erases) or "repeat" in tap or "point" in tap:
            return 0
        used = rest if writes else rest[:1]
        self._options(tap)
        selected = self._selected(tap, "write")
        text = ""
        if writes:
            typed = dict(used[-1].body)
            self._options(typed)
            self._command = used[-1]
            text = self._written(typed)
            self._tell_left(typed)
        self._command = dataclasses.replace(commands[0], text="; ".join(one.text for one in (commands[0], *used)))
        self._tell_left(tap)
        self.keep(Act("fill", selected.targets, beside={"with": text}))
        return len(used)

    def _selected(self, body: dict[str, Any], purpose: Any) -> Selected:
        selected = select(take(body), self.value, purpose)
        if selected.left:
            self.remark(f"found without {', '.join(selected.left)}; narrow it by `within` if several match")
        return selected

    def _tap(self, body: dict[str, Any], beside: Mapping[str, Any]) -> None:
        selected = self._selected(body, "tap")
        if selected.states:
            self.remark(f"clicked whether or not it is {', '.join(selected.states)}")
        repeat = str(body.pop("repeat", 1))
        if not repeat.isdigit():
            raise Refused(f"{repeat} is no number of times")
        times = int(repeat)
        for _ in range(min(times, Control.MOST)):
            self.keep(Act("click", selected.targets, beside=beside))
        if times > Control.MOST:
            self.remark(f"clicked {Control.MOST} times, not {times}")

    def _expect(self, body: dict[str, Any], fact: str) -> None:
        self.keep(Act("expect", value=self._facts(take(body), fact)))

    def _facts(self, selector: Any, fact: str) -> dict[str, Any]:
        selected = self._selected(dict(selector) if isinstance(selector, dict) else {"text": selector}, "see")
        if fact == "hidden":
            if selected.states:
                self.remark(f"expected to be hidden, whether or not it is {', '.join(selected.states)}")
            return {"hidden": dict(selected.targets[0])}
        facts: dict[str, Any] = {"visible": selected.joined}
        for state, is_so in selected.states.items():
            if state != "focused":
                facts[state] = {"of": selected.joined, "is": is_so}
            elif is_so:
                facts[state] = selected.joined
            else:
                self.remark("not expected: that it does not have the focus")
        return facts

    def facts(self, body: dict[str, Any]) -> dict[str, Any]:
        """The facts of `visible` and `notVisible`, taken out of a body."""
        facts: dict[str, Any] = {}
        for key, fact in (("visible", "visible"), ("notVisible", "hidden")):
            if key in body:
                facts |= self._facts(body.pop(key), fact)
        return facts

    def _wait(self, body: dict[str, Any]) -> None:
        facts = self.facts(body)
        timeout = body.pop("timeout", "")
        if not facts:
            raise Refused("it waits for nothing")
        self.keep(Act("expect", value=facts, beside=_timeout(timeout)))

    def _written(self, body: dict[str, Any]) -> str:
        """What a command that writes types."""
        name = self._command.name
        if name == "inputText":
            return self.value(str(body.pop("text", "")))
        if name == "inputRandomEmail":
            return self._variables.fresh("email", "smoke+${unique}@example.test")
        body.pop("length", None)
        self.remark("the length is not kept" if name == "inputRandomText" else "a fixed text, not a random one")
        return _RANDOM[name]

    def _type(self, text: str) -> None:
        self.keep(Act("type", value=text))

    def _erase(self, body: dict[str, Any]) -> None:
        body.pop("charactersToErase", None)
        self.remark("all of the text is erased, however many characters were asked for")
        self.keep(Act("press", value="ControlOrMeta+A"))
        self.keep(Act("press", value="Backspace"))

    def _press(self, body: dict[str, Any]) -> None:
        key = str(body.pop("key", ""))
        if key.lower() == "back":
            self.keep(Act("back", value=True))
        elif key.lower() in _KEYS:
            self.keep(Act("press", value=_KEYS[key.lower()]))
        else:
            raise Refused(f"a browser has no key {key!r}")

    def _copy(self, body: dict[str, Any]) -> None:
        self._clipboard = f"${{{COPIED}}}"
        self.keep(Act("read", self._selected(body, "see").targets, beside={"save": {COPIED: "text"}}))

    def _set_clipboard(self, body: dict[str, Any]) -> None:
        self._clipboard = self.value(str(body.pop("text", "")))
        self.remark("left out: the text is typed where it is pasted")

    def _launch(self, body: dict[str, Any]) -> None:
        clears = str(body.pop("clearState", "")).lower() == "true"
        address = self.value(str(body.pop("url", "") or body.pop("appId", "") or self._url))
        if not re.match(r"https?://|\$\{", address):
            raise Refused(f"{address or 'the app'} is no address of a web app")
        if clears:
            self._clear({})
        self.keep(Act("goto", value=address))

    def _open(self, body: dict[str, Any]) -> None:
        address = self.value(str(body.pop("link", "") or body.pop("url", "") or self._url))
        if not re.match(r"https?://|\$\{|/", address):
            raise Refused(f"{address!r} is no address of a web app")
        self.keep(Act("goto", value=address))

    def _clear(self, body: dict[str, Any]) -> None:
        body.pop("appId", None)
        if not any(act.action != TODO for act in self.acts):
            self.remark("left out: every flow starts with an empty browser")
            return
        self.remark("cookies and web storage are cleared; other storage stays")
        self.keep(Act("cookies", value={"clear": True}))
        for area in ("local", "session"):
            self.keep(Act("storage", value={"area": area, "clear": True}))

    def _scroll_to(self, body: dict[str, Any]) -> None:
        element = body.pop("element", "")
        timeout = body.pop("timeout", "")
        inner = dict(element) if isinstance(element, dict) else {"text": element}
        self.keep(Act("scroll", self._selected(inner, "see").targets, beside=_timeout(timeout)))

    def _swipe(self, body: dict[str, Any]) -> None:
        direction = str(body.pop("direction", "")).upper()
        body.pop("duration", None)
        if direction not in ("UP", "DOWN") or body:
            raise Refused("only a swipe up or down is a scroll")
        self._scroll(_WINDOW if direction == "UP" else -_WINDOW)

    def _scroll(self, by: int) -> None:
        self.remark("scrolled by most of a window")
        last = self.acts[-1] if self.acts else None
        if last is None or last.action != "scroll" or last.targets:
            self.keep(Act("scroll", value={"by": by}))
            return
        original = f"{last.original}\n{self._command.text}"
        self.acts[-1] = dataclasses.replace(last, value={"by": last.value["by"] + by}, original=original)

    def _picture(self, body: dict[str, Any]) -> None:
        name = re.sub(r"[^A-Za-z0-9_-]+", "-", str(body.pop("path", ""))).strip("-_") or "picture"
        self.keep(Act("screenshot", value=name))

    def _legacy(self, body: dict[str, Any]) -> None:
        words = str(body.pop("action", "")).split()
        name = "".join([*words[:1], *(word.capitalize() for word in words[1:])])
        if name not in ("back", "hideKeyboard", "scroll", "clearKeychain", "pasteText"):
            raise Refused(f"no action called {name!r} is known")
        self._command = dataclasses.replace(self._command, name=name)
        self._readers[name]({})

    def _leave_out(self, body: dict[str, Any]) -> None:
        body.clear()
        self.remark(f"left out: {_LEFT_OUT[self._command.name]}")

    def keep(self, act: Act) -> None:
        """Add an act with what stands beside all of this command's."""
        beside = {**act.beside, **self._when}
        self.acts.append(dataclasses.replace(act, beside=beside, original=self._command.text))

    def refuse(self, reason: str) -> None:
        """Leave the command as a `todo`."""
        self.acts.append(Act(TODO, value=self._command.text, original=self._command.text))
        self.remark(f"still to do: {reason}", refused=True)

    def remark(self, says: str, *, refused: bool = False) -> None:
        """Say what became of this command."""
        self.remarks.append(Remark(self._command.place, shorten(self._command.brief), says, refused))


def _timeout(milliseconds: object) -> dict[str, Any]:
    text = str(milliseconds).replace("_", "")
    return {"timeout": duration(float(text))} if re.fullmatch(r"\d+", text) else {}
