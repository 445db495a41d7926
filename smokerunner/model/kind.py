"""What time is spent on. Apart from the figures, since every step says of which kind its time is."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What time is spent on while a flow runs. At each moment it is exactly one of these."""

    NAVIGATION = "navigation"
    WAITING = "waiting"
    ACTING = "acting"
    LAUNCH = "launch"
    PICTURES = "pictures"
    WRITING = "writing"
    OWN = "own"

    @property
    def about(self) -> str:
        """The kind in a sentence."""
        return _ABOUT[self]

    @property
    def is_app(self) -> bool:
        """Whether a faster app would spend less of it; the rest is smokerunner's."""
        return self in (Kind.NAVIGATION, Kind.WAITING, Kind.ACTING)


_ABOUT = {
    Kind.NAVIGATION: "Pages load, by an address or by what was clicked.",
    Kind.WAITING: "An element, a fact, a message or an answer is waited for, or the flow pauses.",
    Kind.ACTING: "The page is clicked, typed into and so on, as soon as it lets itself be.",
    Kind.LAUNCH: "A fresh browser context is opened for a flow.",
    Kind.PICTURES: "Pictures are taken and compared with approved ones.",
    Kind.WRITING: "Pictures, downloads, trace and network log are written down.",
    Kind.OWN: "All else that smokerunner does.",
}
