"""Every Maestro command, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping

from smokerunner.importers.importer import Mapped

_NO_SCRIPT = Mapped("refused", "`todo`: no script runs in a flow")
_DEVICE = Mapped("refused", "`todo`: there is no device")
_AI = Mapped("refused", "`todo`: say with `expect` what a person would see")
_FIXED = "`fill` or `type` with a fixed text"

COMMANDS: Mapping[str, Mapped] = {
    "tapOn": Mapped("mapped", "`click`; with the `inputText` that follows one `fill`; a bare `point`: `todo`"),
    "doubleTapOn": Mapped("mapped", "`click` with `count: 2`"),
    "longPressOn": Mapped("refused", "`todo`: nothing is held down"),
    "assertVisible": Mapped("mapped", "`expect` with `visible`, `enabled`, `checked`, `focused`"),
    "assertNotVisible": Mapped("mapped", "`expect` with `hidden`"),
    "assertTrue": _NO_SCRIPT,
    "assertScreenshot": Mapped("approximated", "`screenshot` with that name; the limits are left out"),
    "assertWithAI": _AI,
    "assertNoDefectsWithAI": _AI,
    "extractTextWithAI": _AI,
    "assertDarkMode": _DEVICE,
    "assertLightMode": _DEVICE,
    "inputText": Mapped("mapped", "`fill` after a `tapOn`, else `type` into the focused element"),
    "eraseText": Mapped("approximated", "`fill` with empty text after a `tapOn`, else *select all* and *Backspace*"),
    "pressKey": Mapped("mapped", "`press`; *back* becomes `back`, keys of a device a `todo`"),
    "copyTextFrom": Mapped("mapped", "`read` with `save: {copied: text}`"),
    "pasteText": Mapped("mapped", "`type: ${copied}`, or the text that was set"),
    "setClipboard": Mapped("approximated", "left out with a remark; its text is typed where it is pasted"),
    "hideKeyboard": Mapped("approximated", "left out with a remark: there is no keyboard in the way"),
    "inputRandomText": Mapped("approximated", "`fill` or `type` with `${unique}`; the length is not kept"),
    "inputRandomNumber": Mapped("refused", "`todo`: `${unique}` has letters, too"),
    "inputRandomEmail": Mapped("mapped", "a variable with `${unique}`, and `fill` or `type` with it"),
    "inputRandomPersonName": Mapped("approximated", f"{_FIXED} and `${{unique}}`"),
    "inputRandomCityName": Mapped("approximated", _FIXED),
    "inputRandomCountryName": Mapped("approximated", _FIXED),
    "inputRandomColorName": Mapped("approximated", _FIXED),
    "launchApp": Mapped("mapped", "`goto` the app; the rest is left out with a remark; an app id: `todo`"),
    "openLink": Mapped("mapped", "`goto`"),
    "openBrowser": Mapped("mapped", "`goto`"),
    "back": Mapped("mapped", "`back`"),
    "stopApp": Mapped("approximated", "left out with a remark: the next `goto` begins anew"),
    "killApp": Mapped("approximated", "left out with a remark: the next `goto` begins anew"),
    "clearState": Mapped("approximated", "`cookies` and `storage` cleared; at the beginning left out with a remark"),
    "clearKeychain": Mapped("approximated", "left out with a remark: every flow starts with an empty browser"),
    "setPermissions": _DEVICE,
    "scroll": Mapped("approximated", "`scroll` by most of a window"),
    "scrollUntilVisible": Mapped("mapped", "`scroll` to the element; direction and speed are left out with a remark"),
    "swipe": Mapped("approximated", "up and down: `scroll` by most of a window; any other becomes a `todo`"),
    "extendedWaitUntil": Mapped("mapped", "`expect` with `timeout`"),
    "waitForAnimationToEnd": Mapped("approximated", "left out with a remark: every step waits for its element"),
    "runFlow": Mapped("mapped", "its commands, with `when` beside each; a file that is not there: `todo`"),
    "repeat": Mapped("mapped", "written out for small `times`; one command `while`: `repeat` … `until`; else `todo`"),
    "retry": Mapped("approximated", "its commands once, with a remark: a flow as a whole has attempts"),
    "runScript": _NO_SCRIPT,
    "evalScript": _NO_SCRIPT,
    "takeScreenshot": Mapped("mapped", "`screenshot`"),
    "startRecording": Mapped("approximated", "left out with a remark: every step leaves a picture"),
    "stopRecording": Mapped("approximated", "left out with a remark: every step leaves a picture"),
    "setLocation": _DEVICE,
    "travel": _DEVICE,
    "setOrientation": _DEVICE,
    "setAirplaneMode": _DEVICE,
    "toggleAirplaneMode": _DEVICE,
    "setDarkMode": _DEVICE,
    "toggleDarkMode": _DEVICE,
    "addMedia": Mapped("refused", "`todo`: write `upload` where the page asks for a file"),
    "action": Mapped("mapped", "the command that it names: back, hideKeyboard, scroll, clearKeychain, pasteText"),
}  # fmt: skip
