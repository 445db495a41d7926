"""Plug-ins of pydantic, which this program has no use for."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

_LOADER = "pydantic.plugin._loader"


class _None(ModuleType):
    """Stands where pydantic looks for its plug-ins, and has none."""

    @staticmethod
    def get_plugins() -> tuple[()]:
        return ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        # Another version of pydantic may ask for more than this.
        sys.modules.pop(_LOADER, None)
        return getattr(importlib.import_module(_LOADER), name)


def look_for_none() -> None:
    """Before pydantic is imported: it would read what every installed package says of itself, a tenth of a command."""
    sys.modules.setdefault(_LOADER, _None(_LOADER))
