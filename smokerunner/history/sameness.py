"""Which messages of different runs are the same."""

from __future__ import annotations

import re


def normalised(text: str) -> str:
    """A console message without what differs each time: every number becomes `#`."""
    return re.sub(r"\d+", "#", text)
