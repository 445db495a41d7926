"""Steps in the tree: one function an action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from smokerunner.authoring.export.answers import api, mail, saves, sought
from smokerunner.authoring.export.elements import FILES, address, data, regex, text
from smokerunner.authoring.export.facts import download_asserts, waits
from smokerunner.authoring.export.reader import Reader, Writer
from smokerunner.authoring.export.tree import (
    Again,
    Answering,
    Block,
    Call,
    Do,
    Expectation,
    Expr,
    Get,
    Helper,
    Name,
    Opening,
    Script,
    Statement,
    Text,
    Use,
    Value,
    WithValues,
)
from smokerunner.model.flow import FlowFile
from smokerunner.model.matcher import Matcher
from smokerunner.model.step import Step
from smokerunner.model.target import Target

REPEAT_PATIENCE = 60_000
DIALOG_PATIENCE = 10_000
"""Milliseconds, as the flow language has them."""


def _goto(step: Any, reader: Reader) -> Iterator[Statement]:
    yield from _navigation(step, reader, "goto", address(step.goto, below=reader.below))


def _back(step: Any, reader: Reader) -> Iterator[Statement]:
    yield from _navigation(step, reader, "go_back")


def _reload(step: Any, reader: Reader) -> Iterator[Statement]:
    yield from _navigation(step, reader, "reload")


def _navigation(step: Any, reader: Reader, method: str, *args: Expr) -> Iterator[Statement]:
    options = reader.options(step)
    if step.wait_until != "load":
        options["wait_until"] = Text((step.wait_until,))
    wanted = () if step.status is None else (Value(step.status),)
    yield Do(Helper("loaded", (Call(reader.page, method, args, options, asks=True), *wanted)))
    yield from saves(step, reader, None)


def _causing(step: Any, reader: Reader, act: Expr, element: Expr | None = None) -> Iterator[Statement]:
    """An action with the dialog, the download and the page that it brings."""
    body: Block = (Do(act),)
    timeout = reader.patience(step)
    if step.dialog is not None:
        says = None if step.dialog.says is None else regex(step.dialog.says)
        typed = None if step.dialog.text is None else text(step.dialog.text)
        accepted = step.dialog.answer == "accept"
        body = (Answering(reader.page, accepted, typed, says, body, timeout or DIALOG_PATIENCE),)
    if step.download is not None:
        name = reader.name("download")
        body = (Opening("download", name, reader.page, body, timeout), *download_asserts(step.download, Name(name)))
    if step.popup:
        name = reader.name("popup")
        body = (Opening("popup", name, reader.page, body, timeout), *_inside(step.popup, reader, Name(name)))
    yield from body
    yield from saves(step, reader, element)


def _inside(steps: tuple[Step, ...], reader: Reader, page: Expr) -> Block:
    outer, reader.page = reader.page, page
    try:
        return (*reader.block(steps), Do(Call(page, "close", asks=True)))
    finally:
        reader.page = outer


def _click(step: Any, reader: Reader) -> Iterator[Statement]:
    options: dict[str, Expr] = {}
    if step.mouse != "left":
        options["button"] = Text((step.mouse,))
    if step.count == "3":
        options["click_count"] = Value(3)
    options |= _modifiers(step) | reader.options(step)
    method = "dblclick" if step.count == "2" else "click"
    yield from _causing(step, reader, Call(reader.locator(step.click), method, (), options, asks=True))


def _modifiers(step: Any) -> dict[str, Expr]:
    return {"modifiers": data(step.modifiers)} if step.modifiers else {}


def _hover(step: Any, reader: Reader) -> Iterator[Statement]:
    options = _modifiers(step) | reader.options(step)
    yield Do(Call(reader.locator(step.hover), "hover", (), options, asks=True))


def _drag(step: Any, reader: Reader) -> Iterator[Statement]:
    onto = reader.locator(step.to)
    yield from _causing(
        step, reader, Call(reader.locator(step.drag), "drag_to", (onto,), reader.options(step), asks=True)
    )


def _scroll(step: Any, reader: Reader) -> Iterator[Statement]:
    moved = reader.locator(step.in_) if step.in_ is not None else None
    if isinstance(step.scroll, Target):
        found = reader.locator(step.scroll)
        if moved is not None:
            yield Do(Helper("scroll_on", (moved, found), asks=True))
            return
        yield Do(Call(found, "scroll_into_view_if_needed", (), reader.options(step), asks=True))
        return
    whole, part = ("document.documentElement", "window") if moved is None else ("element", "element")
    if step.scroll.to is None:
        script = f"{part}.scrollBy({{top: {step.scroll.by}, behavior: 'instant'}})"
    else:
        end = "0" if step.scroll.to == "top" else f"{whole}.scrollHeight"
        script = f"{part}.scrollTo({{top: {end}, behavior: 'instant'}})"
    if moved is None:
        yield Do(Call(reader.page, "evaluate", (Script(script),), asks=True))
    else:
        yield Do(Call(moved, "evaluate", (Script(f"element => {script}"),), asks=True))


def _fill(step: Any, reader: Reader) -> Iterator[Statement]:
    found = reader.locator(step.fill)
    yield Do(Call(found, "fill", (text(step.with_),), reader.options(step), asks=True))
    yield from saves(step, reader, found)


def _select(step: Any, reader: Reader) -> Iterator[Statement]:
    found = reader.locator(step.select)
    matchers = [option for option in step.with_ if isinstance(option, Matcher)]
    values = [text(option.value) for option in step.with_ if not isinstance(option, Matcher)]
    options = reader.options(step)
    if not matchers:
        wanted: Expr = values[0] if len(values) == 1 else Value(values)
        act: Expr = Call(found, "select_option", (wanted,), options, asks=True)
    elif not values and all(option.is_exact for option in matchers):
        labels = [text(option.is_ or "") for option in matchers]
        wanted = labels[0] if len(labels) == 1 else Value(labels)
        act = Helper("select_label", (found, wanted), asks=True)
    else:
        if values:
            reader.remark("options by value beside options by text; choose those by value by hand")
        act = Helper("choose", (found, *(sought(option) for option in matchers)), asks=True)
    yield from _causing(step, reader, act, found)


def _check(step: Any, reader: Reader) -> Iterator[Statement]:
    yield from _causing(step, reader, Call(reader.locator(step.check), "check", (), reader.options(step), asks=True))


def _uncheck(step: Any, reader: Reader) -> Iterator[Statement]:
    yield from _causing(
        step, reader, Call(reader.locator(step.uncheck), "uncheck", (), reader.options(step), asks=True)
    )


def _upload(step: Any, reader: Reader) -> Iterator[Statement]:
    found = reader.locator(step.upload)
    paths: list[Expr] = [Helper("file_at", (FILES, text(path))) for path in step.with_]
    given: Expr = paths[0] if len(paths) == 1 else Value(paths)
    if step.by == "drop":
        act = Call(found, "drop", (Value({"files": given}),), reader.options(step), asks=True)
        yield from _causing(step, reader, act, found)
        return
    if step.upload.finder in ("button", "link"):
        name = reader.name("chooser")
        asked: Block = (Do(Call(found, "click", (), reader.options(step), asks=True)),)
        yield Opening("filechooser", name, reader.page, asked, reader.patience(step))
        yield from _causing(step, reader, Call(Name(name), "set_files", (given,), asks=True), found)
        return
    act = Call(found, "set_input_files", (given,), reader.options(step), asks=True)
    yield from _causing(step, reader, act, found)


def _type(step: Any, reader: Reader) -> Iterator[Statement]:
    delay: dict[str, Expr] = {"delay": Value(step.delay)} if step.delay else {}
    if step.in_ is None:
        keyboard = Get(reader.page, "keyboard", plain=True)
        yield Do(Call(keyboard, "type", (text(step.type),), delay, asks=True))
        return
    options = delay | reader.options(step)
    yield Do(Call(reader.locator(step.in_), "press_sequentially", (text(step.type),), options, asks=True))


def _press(step: Any, reader: Reader) -> Iterator[Statement]:
    if step.in_ is None:
        act = Call(Get(reader.page, "keyboard", plain=True), "press", (text(step.press),), asks=True)
    else:
        act = Call(reader.locator(step.in_), "press", (text(step.press),), reader.options(step), asks=True)
    yield from _causing(step, reader, act)


def _expect(step: Any, reader: Reader) -> Iterator[Statement]:
    yield from waits(step.expect, reader.place(step))
    yield from saves(step, reader, None)


def _read(step: Any, reader: Reader) -> Iterator[Statement]:
    found = reader.locator(step.read)
    yield Expectation(found, "to_have_count", (Value(1),), reader.options(step))
    yield from saves(step, reader, found)


def _cookies(step: Any, reader: Reader) -> Iterator[Statement]:
    change, context = step.cookies, Get(reader.page, "context")
    if change.clear:
        yield Do(Call(context, "clear_cookies", asks=True))
    for name in change.remove:
        yield Do(Call(context, "clear_cookies", (), {"name": text(name)}, asks=True))
    if change.set:
        new = [Value({"name": Text((n,)), "value": text(v), "url": Name("BASE_URL")}) for n, v in change.set.items()]
        yield Do(Call(context, "add_cookies", (Value(new),), asks=True))


def _storage(step: Any, reader: Reader) -> Iterator[Statement]:
    change, area = step.storage, f"{step.storage.area}Storage"
    if change.clear:
        yield Do(Call(reader.page, "evaluate", (Script(f"{area}.clear()"),), asks=True))
    for key in change.remove:
        script = Script(f"key => {area}.removeItem(key)")
        yield Do(Call(reader.page, "evaluate", (script, text(key)), asks=True))
    for key, value in change.set.items():
        script = Script(f"([key, value]) => {area}.setItem(key, value)")
        yield Do(Call(reader.page, "evaluate", (script, Value([Text((key,)), text(value)])), asks=True))


def _network(step: Any, reader: Reader) -> Iterator[Statement]:
    offline = Value(step.network == "offline")
    yield Do(Call(Get(reader.page, "context"), "set_offline", (offline,), asks=True))


def _screenshot(step: Any, reader: Reader) -> Iterator[Statement]:
    options: dict[str, Expr] = {"path": Text((f"{step.screenshot}.png",))}
    if step.picture == "full_page":
        options["full_page"] = Value(True)
    yield Do(Call(reader.page, "screenshot", (), options, asks=True))


def _accessibility(step: Any, reader: Reader) -> Iterator[Statement]:
    reader.remark(f"accessibility {step.accessibility} not asked; add @axe-core/playwright or axe-playwright-python")
    return iter(())


def _use(step: Any, reader: Reader) -> Iterator[Statement]:
    used = reader.file.flows[step.use]
    own = {**used.variables, **step.with_}
    if not own:
        yield Use(str(step.use), reader.page, "values")
        return
    name = reader.name("inner")
    yield WithValues(name, tuple((variable, text(value)) for variable, value in own.items()))
    # What is saved there is seen here too, but for the variables that were given.
    saved = tuple(variable for variable in saved_by(reader.file, str(step.use)) if variable not in own)
    yield Use(str(step.use), reader.page, name, saved)


def saved_by(file: FlowFile, name: str) -> tuple[str, ...]:
    """The variables that a flow saves, those of the flows it uses too."""
    found: dict[str, None] = {}

    def look(steps: tuple[Step, ...]) -> None:
        for step in steps:
            found.update(dict.fromkeys(step.save))
            for children in step.children().values():
                look(children)
            if step.action == "use":
                look(file.flows[str(step.acts_on)].steps)

    look(file.flows[name].steps)
    return tuple(found)


def _repeat(step: Any, reader: Reader) -> Iterator[Statement]:
    every = round(step.every * 1000)
    if step.times is not None:
        reader.remark(f"at most {step.times} times there; here until the time is up")
    body = (*reader.step(step.repeat), *waits(step.until, replace(reader.place(None), timeout=every)))
    yield Again(body, every, reader.patience(step) or REPEAT_PATIENCE)


def _pause(step: Any, reader: Reader) -> Iterator[Statement]:
    yield Do(Call(reader.page, "wait_for_timeout", (Value(round(step.pause * 1000)),), asks=True))


WRITERS: Mapping[str, Writer] = {
    "goto": _goto,
    "back": _back,
    "reload": _reload,
    "click": _click,
    "hover": _hover,
    "drag": _drag,
    "scroll": _scroll,
    "fill": _fill,
    "select": _select,
    "check": _check,
    "uncheck": _uncheck,
    "upload": _upload,
    "type": _type,
    "press": _press,
    "expect": _expect,
    "read": _read,
    "mail": mail,
    "api": api,
    "cookies": _cookies,
    "storage": _storage,
    "network": _network,
    "screenshot": _screenshot,
    "accessibility": _accessibility,
    "use": _use,
    "repeat": _repeat,
    "pause": _pause,
}
"""Action → what writes it."""
