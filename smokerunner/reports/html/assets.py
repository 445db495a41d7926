"""Style and script of the page, each in one piece, and the policy that lets exactly these two in."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from smokerunner.model.record import record

TEMPLATES = Path(__file__).parent.parent / "templates"
STYLES = ("page", "toolbar", "flow", "pictures", "vitals", "timeline", "dialogs", "print")
PROFILED = "spending"
CHECKED = "checks"
SCRIPTS = ("address", "filter", "tabs", "compare", "viewer", "keys", "comfort")
PICTURED = ("tabs", "compare", "viewer")
"""What a page without flows does without."""


@record
class Assets:
    """The text of the page's only style and only script."""

    style: str
    script: str

    @property
    def policy(self) -> str:
        """The content security policy: no request leaves the folder, and nothing but these two texts has a say."""
        return "; ".join(
            (
                "default-src 'none'",
                "img-src 'self' file: data:",
                f"style-src '{_digest(self.style)}'",
                f"script-src '{_digest(self.script)}'",
                "base-uri 'none'",
                "form-action 'none'",
            )
        )


def assets(
    ratio: str,
    others: Mapping[str, tuple[str, int]],
    *,
    profiled: bool = False,
    checked: bool = False,
    pictured: bool = True,
) -> Assets:
    """Style and script for pictures of this width to height, which CSS cannot learn from an attribute.

    `others` are the classes of pictures of another ratio, with that and their width in CSS pixels. Only a profiled run
    needs the colours of what its time went for, and only one with checks their tables.
    """
    style = f":root {{ --shot: {ratio}; }}\n{_joined('styles', STYLES, 'css')}"
    if profiled:
        style += f"\n{_joined('styles', (PROFILED,), 'css')}"
    if checked:
        style += f"\n{_joined('styles', (CHECKED,), 'css')}"
    for name, (other, width) in others.items():
        style += f"\n.{name} {{ --shot: {other}; }} .looks .{name} {{ max-width: {width}px; }}"
    scripts = SCRIPTS if pictured else tuple(name for name in SCRIPTS if name not in PICTURED)
    return Assets(style, f'"use strict";\n{_joined("scripts", scripts, "js")}')


@cache
def _joined(folder: str, names: tuple[str, ...], ending: str) -> str:
    return "\n".join((TEMPLATES / folder / f"{name}.{ending}").read_text("utf-8") for name in names)


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
