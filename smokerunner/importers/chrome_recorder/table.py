"""Every step type of the recorder, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping

from smokerunner.importers.importer import Mapped

COMMANDS: Mapping[str, Mapped] = {
    "navigate": Mapped("mapped", "`goto`; a blank or new-tab page is left out with a remark"),
    "click": Mapped(
        "mapped",
        "`click` with `mouse`; the button *back* becomes `back`, *forward* a `todo`; offsets are left out "
        "(with a remark for a canvas), and so are touch, pen and how long it was held",
    ),
    "doubleClick": Mapped("mapped", "`click` with `count: 2`"),
    "hover": Mapped("mapped", "`hover`"),
    "change": Mapped(
        "approximated",
        "`fill`, or `select` with `{value: …}`, `check`, `uncheck`, `upload`, as the selectors tell; with a remark "
        "when they do not",
    ),
    "keyDown": Mapped("mapped", "with its keyUp one `press`"),
    "keyUp": Mapped("mapped", "with its keyDown one `press`"),
    "scroll": Mapped("approximated", "`scroll` by the distance, to the top, or until the element is in view"),
    "setViewport": Mapped("approximated", "left out with a remark; `viewport:` in the flow file says the size"),
    "emulateNetworkConditions": Mapped("approximated", "left out with a remark; *offline* becomes a `todo`"),
    "close": Mapped("approximated", "left out with a remark: a `popup` closes when its steps are done"),
    "waitForElement": Mapped(
        "mapped",
        "`expect` with `visible`, `hidden`, `count`, `value`, `checked`, `enabled`, `text_of`; other properties "
        "become a `todo`",
    ),
    "waitForExpression": Mapped(
        "refused", "`todo`, but for the title, the address, `querySelector` and a pause, which become a step"
    ),
    "customStep": Mapped("refused", "`todo`"),
}
