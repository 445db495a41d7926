"""Selenium IDE's commands that do something, one function each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from smokerunner.importers.selenium_ide.locators import field_of
from smokerunner.importers.selenium_ide.project import SECRET, Command
from smokerunner.importers.selenium_ide.telling import Press, Telling
from smokerunner.importers.selenium_ide.wording import (
    Unsayable,
    keystrokes,
    milliseconds,
    pattern,
    text,
    variable,
)

Handler = Callable[[Telling, Command], None]


def _open(telling: Telling, command: Command) -> None:
    telling.act(command, "goto", value=text(command.target))


def _click(telling: Telling, command: Command) -> None:
    telling.act(command, "click", telling.found(command))
    before = telling.acts[-2] if len(telling.acts) > 1 else None
    if before is not None and before is telling.lifted and before.targets == telling.acts[-1].targets:
        # The button that went down and up on the same element was this click already.
        del telling.acts[-2]
        telling.acts[-1] = replace(telling.acts[-1], original=f"{before.original}; {command.original}")


def _double_click(telling: Telling, command: Command) -> None:
    telling.act(command, "click", telling.found(command), count=2)


def _without_point(handler: Handler) -> Handler:
    def handle(telling: Telling, command: Command) -> None:
        handler(telling, command)
        telling.remark(command, "the point is left out; the middle of the element is used")

    return handle


def _on_element(action: str) -> Handler:
    return lambda telling, command: telling.act(command, action, telling.found(command))


def _mouse_down(telling: Telling, command: Command) -> None:
    telling.pressed = Press(command, telling.found(command))


def _mouse_move(telling: Telling, command: Command) -> None:
    telling.remark(command, "a mouse that moves on its way is left out")


def _mouse_up(telling: Telling, command: Command) -> None:
    pressed, telling.pressed = telling.pressed, None
    if pressed is None:
        raise Unsayable("a mouse button that comes up and never went down")
    targets = telling.found(command)
    if targets == pressed.targets:
        telling.act(pressed.command, "click", targets)
        telling.also(command)
        telling.lifted = telling.acts[-1]
    else:
        telling.act(pressed.command, "drag", pressed.targets, to=targets[0])
        telling.also(command)


def _drag(telling: Telling, command: Command) -> None:
    telling.act(command, "drag", telling.found(command), to=telling.element(command.value))


def _type(telling: Telling, command: Command) -> None:
    targets = telling.found(command)
    for kind, said in _first_text(command.value):
        if kind == "fill":
            telling.act(command, "fill", targets, written=field_of(targets), with_=said)
        else:
            telling.act(command, kind, targets, said)


def _first_text(value: str) -> list[tuple[str, str]]:
    """`type` replaces what stands in the field by the first text; keys may follow."""
    strokes = keystrokes(value) or [("type", "")]
    return [("fill", strokes[0][1]), *strokes[1:]] if strokes[0][0] == "type" else strokes


def _send_keys(telling: Telling, command: Command) -> None:
    targets = telling.found(command)
    for action, said in keystrokes(command.value):
        telling.act(command, action, targets, said, written=field_of(targets) if action == "type" else None)


def _edit_content(telling: Telling, command: Command) -> None:
    targets = telling.found(command)
    plain = re.sub(r"<[^>]*>", "", command.value)
    telling.act(command, "fill", targets, written=field_of(targets), with_=text(plain))
    telling.remark(command, "its HTML is typed as plain text")


def _option(written: str) -> Any:
    strategy, equals, body = written.partition("=")
    if not equals or strategy not in ("label", "value", "id", "index"):
        return text(written)
    if strategy == "value":
        return {"value": text(body)}
    if strategy == "label":
        if body.startswith("mostly-equals:"):
            return text(body.removeprefix("mostly-equals:").strip())
        return text(body) if not body.startswith(("regexp:", "exact:", "glob:")) else pattern(body)
    raise Unsayable(f"an option by its {strategy}")


def _select(telling: Telling, command: Command) -> None:
    telling.act(command, "select", telling.found(command), with_=_option(command.value))


def _add_selection(telling: Telling, command: Command) -> None:
    targets, option = telling.found(command), _option(command.value)
    last = telling.acts[-1] if telling.acts else None
    if last is not None and last.action == "select" and last.targets == targets:
        chosen = last.beside["with"]
        telling.also(command, **{"with": [*(chosen if isinstance(chosen, list) else [chosen]), option]})
    else:
        telling.act(command, "select", targets, with_=option)
    telling.remark(command, "options that were chosen before the test began are given up")


def _pause(telling: Telling, command: Command) -> None:
    telling.act(command, "pause", value=milliseconds(command.target or command.value))


def _select_frame(telling: Telling, command: Command) -> None:
    telling.enter_frame(command)


def _select_window(telling: Telling, command: Command) -> None:
    telling.enter_window(command.target)


def _store_window(telling: Telling, command: Command) -> None:
    telling.name_window(command.target or command.value)


def _close(telling: Telling, command: Command) -> None:
    if telling.in_first_window:
        telling.remark(command, "the first page stays open until the flow ends; it is left out")
    else:
        telling.remark(command, "the page that opened closes when its steps are done; nothing is needed")


def _dialog(answer: str | None, *, says: bool = False, types: bool = False) -> Handler:
    """What is said of a dialog that is open now stands beside the act that opened it."""

    def handle(telling: Telling, command: Command) -> None:
        if telling.dialog_owner is None:
            raise Unsayable("a dialog that no step before it could have opened")
        known = dict(telling.dialog_owner.beside.get("dialog") or {"answer": "accept"})
        if answer is not None:
            known["answer"] = answer
        if says:
            known["says"] = pattern(command.target)
        if types:
            known["text"] = text(command.target if not command.value else command.value)
        telling.also(command, dialog=known)

    return handle


def _next_dialog(answer: str, *, types: bool = False) -> Handler:
    def handle(telling: Telling, command: Command) -> None:
        telling.next_dialog = {"answer": answer, **({"text": text(command.target)} if types else {})}
        telling.announced = command
        telling.remark(command, "it stands beside the next step that can open a dialog")

    return handle


def _store(telling: Telling, command: Command) -> None:
    name = variable(command.value)
    if name in telling.variables or any(name in act.beside.get("save", {}) for act in telling.acts):
        raise Unsayable("a variable that changes its value")
    telling.variables[name] = text(command.target)
    is_secret = SECRET.search(name) is not None
    telling.remark(command, "it stands where it is used" if is_secret else "it is one of the flow's variables")


def _store_part(part: str) -> Handler:
    return lambda telling, command: telling.act(
        command, "read", telling.found(command), save={variable(command.value): part}
    )


def _store_attribute(telling: Telling, command: Command) -> None:
    locator, at, attribute = command.target.rpartition("@")
    if not at or not attribute.strip():
        raise Unsayable("an attribute without its name")
    save = {variable(command.value): {"attribute": attribute.strip()}}
    telling.act(command, "read", (telling.element(locator),), save=save)


def _store_title(telling: Telling, command: Command) -> None:
    name = variable(command.value or command.target)
    telling.act(command, "read", ({"css": "head > title"},), save={name: "text"})


def _store_count(telling: Telling, command: Command) -> None:
    if not telling.is_only_compared(command.value):
        raise Unsayable("a number of elements that is used elsewhere than in a condition")
    telling.counts[command.value] = telling.element(command.target)
    telling.remark(command, "the elements are counted when a condition asks")


def _run(telling: Telling, command: Command) -> None:
    flow = telling.flows.get(command.target)
    if flow is None:
        raise Unsayable(f'the test "{command.target}", which is not in this project')
    telling.act(command, "use", value=flow)


def _left_out(says: str) -> Handler:
    return lambda telling, command: telling.remark(command, says)


def _refused(what: str) -> Handler:
    def handle(_: Telling, _command: Command) -> None:
        raise Unsayable(what)

    return handle


_CODE = _refused("code that runs in the page")
_SIZE = "the size of the page stands in the flow file as `viewport`"

HANDLERS: dict[str, Handler] = {
    "open": _open,
    "click": _click,
    "clickAt": _without_point(_click),
    "doubleClick": _double_click,
    "doubleClickAt": _without_point(_double_click),
    "check": _on_element("check"),
    "uncheck": _on_element("uncheck"),
    "mouseOver": _on_element("hover"),
    "mouseOut": _left_out("the mouse leaves when it goes elsewhere; it is left out"),
    "mouseDown": _mouse_down,
    "mouseDownAt": _without_point(_mouse_down),
    "mouseMoveAt": _mouse_move,
    "mouseUp": _mouse_up,
    "mouseUpAt": _without_point(_mouse_up),
    "dragAndDropToObject": _drag,
    "type": _type,
    "sendKeys": _send_keys,
    "editContent": _edit_content,
    "select": _select,
    "addSelection": _add_selection,
    "removeSelection": _refused("an option that is given up"),
    "pause": _pause,
    "close": _close,
    "selectFrame": _select_frame,
    "selectWindow": _select_window,
    "storeWindowHandle": _store_window,
    "setWindowSize": _left_out(_SIZE),
    "setSpeed": _left_out("steps are never slowed down; it is left out"),
    "echo": _left_out("nothing is written to a log; it is left out"),
    "debugger": _left_out("a halt for the debugger; it is left out"),
    "executeScript": _CODE,
    "executeAsyncScript": _CODE,
    "runScript": _CODE,
    "run": _run,
    "acceptAlert": _dialog("accept"),
    "acceptConfirmation": _dialog("accept"),
    "dismissConfirmation": _dialog("dismiss"),
    "answerPrompt": _dialog("accept", types=True),
    "dismissPrompt": _dialog("dismiss"),
    "webdriverChooseOkOnVisibleConfirmation": _dialog("accept"),
    "webdriverChooseCancelOnVisibleConfirmation": _dialog("dismiss"),
    "webdriverAnswerOnVisiblePrompt": _dialog("accept", types=True),
    "webdriverChooseCancelOnVisiblePrompt": _dialog("dismiss"),
    "chooseOkOnNextConfirmation": _next_dialog("accept"),
    "chooseCancelOnNextConfirmation": _next_dialog("dismiss"),
    "chooseCancelOnNextPrompt": _next_dialog("dismiss"),
    "answerOnNextPrompt": _next_dialog("accept", types=True),
    "assertAlert": _dialog(None, says=True),
    "assertConfirmation": _dialog(None, says=True),
    "assertPrompt": _dialog(None, says=True),
    "store": _store,
    "storeText": _store_part("text"),
    "storeValue": _store_part("value"),
    "storeAttribute": _store_attribute,
    "storeElementCount": _store_count,
    "storeXpathCount": _store_count,
    "storeTitle": _store_title,
    "storeJson": _refused("a variable that holds JSON"),
}
"""What becomes of each command, but for checks and control flow."""
