"""What a flow can do: one class an action, one file a family. Nothing here imports a browser."""

from __future__ import annotations

from smokerunner.model.catalogue import Catalogue
from smokerunner.model.step import Step

_ACTIONS = {
    "navigate": ("Goto", "Back", "Reload"),
    "pointer": ("Click", "Hover", "Drag", "Scroll"),
    "form": ("Fill", "Select", "Check", "Uncheck", "Upload"),
    "keyboard": ("Type", "Press"),
    "expect": ("Expect", "Read"),
    "mail": ("Mail",),
    "api": ("Api",),
    "storage": ("Cookies", "Storage"),
    "network": ("Network",),
    "screenshot": ("Screenshot",),
    "accessibility": ("Accessibility",),
    "control": ("Use", "Repeat", "Pause"),
}
"""The classes of each family; an action is called like its class, in lower case."""

VOCABULARY: Catalogue[type[Step]] = Catalogue(
    {name.lower(): f"{__name__}.{family}:{name}" for family, names in _ACTIONS.items() for name in names}
)
"""Every action by its key, in the order people learn them. `${totp(...)}` and `save` stand beside any of them."""
