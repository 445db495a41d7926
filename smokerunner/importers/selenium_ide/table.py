"""Every command of Selenium IDE, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping

from smokerunner.importers.importer import Mapped

_CHECKS = {
    "": Mapped("refused", "a `todo` step: a flow does not compare variables"),
    "Checked": Mapped("mapped", "`expect: checked`"),
    "NotChecked": Mapped("mapped", "`expect: checked` with `is: no`"),
    "Editable": Mapped("mapped", "`expect: enabled`"),
    "NotEditable": Mapped("mapped", "`expect: enabled` with `is: no`"),
    "ElementPresent": Mapped("approximated", "`expect: visible`"),
    "ElementNotPresent": Mapped("approximated", "`expect: hidden`"),
    "Text": Mapped("mapped", "`expect: text_of`"),
    "NotText": Mapped("mapped", "`expect: text_of` with an expression for anything else"),
    "Title": Mapped("mapped", "`expect: title`"),
    "Value": Mapped("mapped", "`expect: value`"),
    "SelectedValue": Mapped("mapped", "`expect: value`"),
    "NotSelectedValue": Mapped("mapped", "`expect: value` with an expression for anything else"),
    "SelectedLabel": Mapped("mapped", "`expect: text_of` the chosen option"),
}
_DIALOG = Mapped("mapped", "`dialog` beside the step before it")
_NEXT_DIALOG = Mapped("mapped", "`dialog` beside the next step that can open one")
_LEFT_OUT = Mapped("approximated", "left out with a remark")
_CODE = Mapped("refused", "a `todo` step: a flow runs no code")
_LOOP = Mapped("refused", "a `todo` step; what stands inside follows once")

COMMANDS: Mapping[str, Mapped] = {
    "open": Mapped("mapped", "`goto`"),
    "click": Mapped("mapped", "`click`; with `opensWindow`, `popup`"),
    "clickAt": Mapped("approximated", "`click`; the point is dropped"),
    "doubleClick": Mapped("mapped", "`click` with `count: 2`"),
    "doubleClickAt": Mapped("approximated", "`click` with `count: 2`; the point is dropped"),
    "check": Mapped("mapped", "`check`"),
    "uncheck": Mapped("mapped", "`uncheck`"),
    "mouseOver": Mapped("mapped", "`hover`"),
    "mouseOut": _LEFT_OUT,
    "mouseDown": Mapped("mapped", "with its mouseUp one `drag`, or one `click`"),
    "mouseDownAt": Mapped("approximated", "as mouseDown; the point is dropped"),
    "mouseMoveAt": _LEFT_OUT,
    "mouseUp": Mapped("mapped", "with its mouseDown one `drag`, or one `click`"),
    "mouseUpAt": Mapped("approximated", "as mouseUp; the point is dropped"),
    "dragAndDropToObject": Mapped("mapped", "`drag` with `to`"),
    "type": Mapped("mapped", "`fill`; keys in it become `press`"),
    "sendKeys": Mapped("mapped", "`press`, and `type` for text"),
    "editContent": Mapped("approximated", "`fill` with the text of its HTML"),
    "select": Mapped("mapped", "`select` by label or value; by id or index a `todo` step"),
    "addSelection": Mapped("approximated", "`select` with all options that are added in a row"),
    "removeSelection": Mapped("refused", "a `todo` step"),
    "pause": Mapped("mapped", "`pause`"),
    "close": Mapped("approximated", "nothing: a `popup` closes its page by itself"),
    "selectFrame": Mapped("mapped", "`frame` in the targets that follow; an index with a remark"),
    "selectWindow": Mapped("mapped", "the steps that follow stand in that window's `popup`"),
    "storeWindowHandle": Mapped("mapped", "a name for selectWindow"),
    "setWindowSize": Mapped("approximated", "left out with a remark; `viewport` stands in the flow file"),
    "setSpeed": _LEFT_OUT,
    "echo": _LEFT_OUT,
    "debugger": _LEFT_OUT,
    "executeScript": _CODE,
    "executeAsyncScript": _CODE,
    "runScript": _CODE,
    "run": Mapped("mapped", "`use`"),
    "acceptAlert": _DIALOG,
    "acceptConfirmation": _DIALOG,
    "dismissConfirmation": _DIALOG,
    "answerPrompt": _DIALOG,
    "dismissPrompt": _DIALOG,
    "webdriverChooseOkOnVisibleConfirmation": _DIALOG,
    "webdriverChooseCancelOnVisibleConfirmation": _DIALOG,
    "webdriverAnswerOnVisiblePrompt": _DIALOG,
    "webdriverChooseCancelOnVisiblePrompt": _DIALOG,
    "chooseOkOnNextConfirmation": _NEXT_DIALOG,
    "chooseCancelOnNextConfirmation": _NEXT_DIALOG,
    "chooseCancelOnNextPrompt": _NEXT_DIALOG,
    "answerOnNextPrompt": _NEXT_DIALOG,
    "assertAlert": _DIALOG,
    "assertConfirmation": _DIALOG,
    "assertPrompt": _DIALOG,
    "store": Mapped("mapped", "a variable of the flow; a second value for it is a `todo` step"),
    "storeText": Mapped("mapped", "`read` with `save`"),
    "storeValue": Mapped("mapped", "`read` with `save`"),
    "storeAttribute": Mapped("mapped", "`read` with `save`"),
    "storeElementCount": Mapped("approximated", "the element is counted where a condition asks; else a `todo` step"),
    "storeXpathCount": Mapped("approximated", "as storeElementCount"),
    "storeTitle": Mapped("mapped", "`read` with `save`"),
    "storeJson": Mapped("refused", "a `todo` step"),
    **{f"assert{name}": mapped for name, mapped in _CHECKS.items()},
    **{
        f"verify{name}": mapped
        if mapped.status == "refused"
        else Mapped(mapped.status, f"{mapped.says}, `on_failure: warn`")
        for name, mapped in _CHECKS.items()
    },
    "waitForElementPresent": Mapped("approximated", "`expect: visible` with `timeout`"),
    "waitForElementNotPresent": Mapped("approximated", "`expect: hidden` with `timeout`"),
    "waitForElementVisible": Mapped("mapped", "`expect: visible` with `timeout`"),
    "waitForElementNotVisible": Mapped("mapped", "`expect: hidden` with `timeout`"),
    "waitForElementEditable": Mapped("mapped", "`expect: enabled` with `timeout`"),
    "waitForElementNotEditable": Mapped("mapped", "`expect: enabled` with `is: no` and `timeout`"),
    "waitForText": Mapped("mapped", "`expect: text_of` with `timeout`"),
    "if": Mapped("approximated", "`when` beside each step, for a number of elements; else a `todo` step"),
    "elseIf": _LOOP,
    "else": Mapped("approximated", "`when` with the opposite; else a `todo` step"),
    "while": _LOOP,
    "do": _LOOP,
    "repeatIf": _LOOP,
    "times": Mapped("approximated", "the steps several times, up to 10; else a `todo` step"),
    "forEach": _LOOP,
    "end": Mapped("mapped", "nothing; it ends a block"),
}
"""What becomes of every command. A locator is read the same way under all of them."""
