"""Selenium IDE's checks and waits: facts of `expect`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from smokerunner.authoring.act import Notation
from smokerunner.importers.selenium_ide.commands import Handler
from smokerunner.importers.selenium_ide.project import Command
from smokerunner.importers.selenium_ide.telling import Telling
from smokerunner.importers.selenium_ide.wording import Unsayable, milliseconds, other_than, pattern, text

Facts = Callable[[Telling, Command], Notation]
_PRESENCE = "there means visible here"
_DEFAULT_WAIT = "30000"
"""Milliseconds that Selenium IDE waits when a command does not say."""


def _element(fact: str) -> Facts:
    """`visible`, `hidden`: facts that are the element."""

    def facts(telling: Telling, command: Command) -> Notation:
        first, *others = telling.found(command)
        if fact == "hidden" or not others:
            return {fact: first}
        return {fact: {**first, "fallbacks": others}}

    return facts


def _state(fact: str, holds: bool) -> Facts:
    """`checked`, `enabled`: facts with an opposite."""

    def facts(telling: Telling, command: Command) -> Notation:
        of = telling.found(command)[0]
        return {fact: of if holds else {"of": of, "is": False}}

    return facts


def _reading(fact: str, wanted: Callable[[str], Any]) -> Facts:
    """`text_of`, `value`: facts about what an element says."""
    return lambda telling, command: {fact: {"of": telling.found(command)[0], "reads": wanted(command.value)}}


def _selected_label(telling: Telling, command: Command) -> Notation:
    of = dict(telling.found(command)[0])
    option = {"css": "option:checked", "within": of}
    if "frame" in of:
        option["frame"] = of.pop("frame")
    return {"text_of": {"of": option, "reads": {"is": text(command.value.removeprefix("label="))}}}


def _title(_: Telling, command: Command) -> Notation:
    return {"title": pattern(command.target)}


def _variable(_: Telling, command: Command) -> Notation:
    raise Unsayable(f"comparing the variable {command.target}")


_FACTS: dict[str, tuple[Facts, str]] = {
    "": (_variable, ""),
    "Checked": (_state("checked", True), ""),
    "NotChecked": (_state("checked", False), ""),
    "Editable": (_state("enabled", True), ""),
    "NotEditable": (_state("enabled", False), ""),
    "ElementPresent": (_element("visible"), _PRESENCE),
    "ElementNotPresent": (_element("hidden"), "not there means hidden here"),
    "Text": (_reading("text_of", pattern), ""),
    "NotText": (_reading("text_of", other_than), ""),
    "Title": (_title, ""),
    "Value": (_reading("value", pattern), ""),
    "SelectedValue": (_reading("value", pattern), ""),
    "NotSelectedValue": (_reading("value", other_than), ""),
    "SelectedLabel": (_selected_label, ""),
}
_WAITS: dict[str, tuple[Facts, str]] = {
    "waitForElementPresent": (_element("visible"), _PRESENCE),
    "waitForElementNotPresent": (_element("hidden"), "not there means hidden here"),
    "waitForElementVisible": (_element("visible"), ""),
    "waitForElementNotVisible": (_element("hidden"), ""),
    "waitForElementEditable": (_state("enabled", True), ""),
    "waitForElementNotEditable": (_state("enabled", False), ""),
}


def _check(facts: Facts, says: str, **beside: Any) -> Handler:
    def handle(telling: Telling, command: Command) -> None:
        telling.act(command, "expect", value=facts(telling, command), **beside)
        if says:
            telling.remark(command, says)

    return handle


def _wait(facts: Facts, says: str) -> Handler:
    def handle(telling: Telling, command: Command) -> None:
        timeout = milliseconds(command.value, _DEFAULT_WAIT)
        telling.act(command, "expect", value=facts(telling, command), timeout=timeout)
        if says:
            telling.remark(command, says)

    return handle


HANDLERS: dict[str, Handler] = {
    **{f"assert{name}": _check(facts, says) for name, (facts, says) in _FACTS.items()},
    **{f"verify{name}": _check(facts, says, on_failure="warn") for name, (facts, says) in _FACTS.items()},
    **{name: _wait(facts, says) for name, (facts, says) in _WAITS.items()},
    "waitForText": _check(_reading("text_of", pattern), "", timeout="30s"),
}
"""What becomes of each check and wait."""
