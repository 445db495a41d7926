"""Where this system keeps what can be made again at any time."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NO = ("", "0", "false", "no", "off", "n", "f")


def cache_folder() -> Path | None:
    """Our folder there, which need not exist yet; None for a user without a home."""
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        below = os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif sys.platform == "darwin":
        below = home / "Library" / "Caches"
    else:
        below = os.environ.get("XDG_CACHE_HOME") or home / ".cache"
    return Path(below) / "smokerunner"


def is_cache_wanted() -> bool:
    """Whether $SMOKE_NO_CACHE allows it."""
    return os.environ.get("SMOKE_NO_CACHE", "").strip().lower() in _NO
