"""The scripts that run inside pages, with what they have in common put in."""

from __future__ import annotations

from importlib import resources

_SHARED = "/* ways.js */"
"""Where a script wants to know what an element is, and the ways to find it."""


def page_script(name: str) -> str:
    """The text of a script of this room, such as `notes.js`."""
    folder = resources.files("smokerunner.browser")
    script = (folder / name).read_text("utf-8")
    return script.replace(_SHARED, (folder / "ways.js").read_text("utf-8")) if _SHARED in script else script
