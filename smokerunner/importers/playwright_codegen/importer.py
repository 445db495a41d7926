"""The importer of everything that Playwright codegen writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath

from smokerunner.importers.importer import Imported, Mapped
from smokerunner.importers.playwright_codegen.javascript_source import read_javascript
from smokerunner.importers.playwright_codegen.jsonl import import_jsonl, is_jsonl
from smokerunner.importers.playwright_codegen.python_source import read_python
from smokerunner.importers.playwright_codegen.scripts import import_scripts
from smokerunner.model.errors import BadInput, Problem

_PYTHON = re.compile(r"^\s*(?:from|import) playwright\.(?:sync|async)_api", re.MULTILINE)
_JAVASCRIPT = re.compile(r"""(?:require\(|\bfrom )\s*["'](?:@playwright/test|playwright(?:-core)?)["']""")


class PlaywrightCodegen:
    """What `playwright codegen` writes: JSONL, and its Python and JavaScript scripts."""

    name = "Playwright codegen"

    def recognises(self, text: str) -> bool:
        """Whether the text is a recording or a script of Playwright's."""
        return is_jsonl(text) or _PYTHON.search(text) is not None or _JAVASCRIPT.search(text) is not None

    def read(self, text: str, path: str) -> Imported:
        """The recording, or each test of the script, as a draft; raises BadInput when there is nothing to read."""
        name = PurePath(path).name.split(".", 1)[0]
        if is_jsonl(text):
            found = import_jsonl(text, path, name)
        else:
            read = read_python if _PYTHON.search(text) else read_javascript
            found = import_scripts(read(text, path), path, name)
        if not any(draft.acts for draft in found.drafts):
            raise BadInput([Problem(path, 0, 0, "nothing was recorded in this file")])
        return found


COMMANDS: Mapping[str, Mapped] = {
    "openPage": Mapped("mapped", "`goto`; nothing for an empty page"),
    "closePage": Mapped("mapped", "nothing; a `popup` closes its page by itself"),
    "navigate": Mapped("mapped", "`goto`"),
    "click": Mapped("mapped", "`click` with `mouse`, `count`, `modifiers`; a point inside the element is dropped"),
    "hover": Mapped("mapped", "`hover`; a point inside the element is dropped"),
    "check": Mapped("mapped", "`check`"),
    "uncheck": Mapped("mapped", "`uncheck`"),
    "fill": Mapped("mapped", "`fill`"),
    "press": Mapped("mapped", "`press`, a chord such as `Control+S`"),
    "select": Mapped("mapped", "`select` with `{value: …}`"),
    "setInputFiles": Mapped("approximated", "`upload`; a recording has the files' names only"),
    "assertText": Mapped("mapped", "`expect: text_of`"),
    "assertValue": Mapped("mapped", "`expect: value`"),
    "assertChecked": Mapped("mapped", "`expect: checked`"),
    "assertVisible": Mapped("mapped", "`expect: visible`"),
    "assertSnapshot": Mapped("mapped", "`expect: aria`"),
    "signal navigation": Mapped("mapped", "an expectation of the address"),
    "signal popup": Mapped("mapped", "`popup` beside the action"),
    "signal download": Mapped("mapped", "`download: true` beside the action"),
    "signal dialog": Mapped("approximated", "`dialog: accept` in JSONL; in a script, what its handler answers"),
    "signal expect": Mapped("mapped", "an expectation of what appeared"),
    "locator: role, text, label, placeholder, alt, title, test id": Mapped("mapped", "the target of that name"),
    "locator: css, xpath": Mapped("mapped", "`css`, `xpath`"),
    "locator: nth, first, last, has, hasText": Mapped("mapped", "`nth`, `has`, `has_text`"),
    "locator: contentFrame, frameLocator": Mapped("mapped", "`frame`"),
    "locator: one below another": Mapped("mapped", "`within`"),
    "locator: hasNot, hasNotText, and, or, visible": Mapped("refused", "a `todo` step"),
    "locator: a role with checked, level, expanded, …": Mapped("refused", "a `todo` step"),
    "script: goBack, reload": Mapped("mapped", "`back`, `reload`"),
    "script: dblclick, setChecked, clear, dragTo": Mapped("mapped", "`click`, `check` or `uncheck`, `fill`, `drag`"),
    "script: pressSequentially, keyboard": Mapped("mapped", "`type`, `press`"),
    "script: scrollIntoViewIfNeeded": Mapped("mapped", "`scroll`"),
    "script: waitForURL, waitFor": Mapped("mapped", "`expect`"),
    "script: waitForTimeout": Mapped("mapped", "`pause`"),
    "script: toBeHidden, toBeEnabled, toBeDisabled, toBeFocused, toBeEmpty": Mapped("mapped", "`expect`"),
    "script: toHaveCount, toHaveURL, toHaveTitle": Mapped("mapped", "`expect: count`, `url`, `title`"),
    "script: launch, newContext, newPage, close": Mapped("approximated", "nothing; options are named in a remark"),
    "script: timeout, force and other options": Mapped("approximated", "dropped, with a remark"),
    "script: waitForLoadState, waitForSelector, pause, screenshot": Mapped("approximated", "dropped, with a remark"),
    "script: storageState, routeFromHAR, setViewportSize": Mapped("approximated", "dropped, with a remark"),
    "script: beforeEach": Mapped("mapped", "its steps come first in each flow"),
    "script: anything else": Mapped("refused", "a `todo` step with the line as written"),
}
"""What becomes of every action, signal and locator of a recording, and of the calls of a script."""
