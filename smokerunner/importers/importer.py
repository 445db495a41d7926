"""What every importer offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from smokerunner.authoring.act import Draft, Remark

MOST_FALLBACKS = 2
"""Behind a target inside facts; `tidy` sees to those of a step."""


@dataclass(frozen=True)
class Imported:
    """The flows of one file, and everything in it that was not carried over as it stood."""

    drafts: tuple[Draft, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Mapped:
    """What becomes of one command of a format; the tables in docs/import.md say the same.

    `mapped`: it means the same here. `approximated`: it comes near, or is dropped with a remark.
    `refused`: it becomes a `todo` step.
    """

    status: Literal["mapped", "approximated", "refused"]
    says: str
    """Into what, in a few words."""


class Importer(Protocol):
    """One format of another tool. Its module also has `COMMANDS: Mapping[str, Mapped]`, every command by its name."""

    name: str
    """As a person calls it: `Selenium IDE`."""

    def recognises(self, text: str) -> bool:
        """Whether the text is of this format, by its content. Never raises."""

    def read(self, text: str, path: str) -> Imported:
        """Read all flows; `path` is only for messages. Raises BadInput, with lines, when the text is broken."""


def literal(text: str) -> str:
    """Another tool's text as it stands in a flow file, where `${` would begin a reference."""
    return text.replace("${", "$${")


def duration(milliseconds: float) -> str:
    """Milliseconds as flow files write them: `500ms`, `1.5s`."""
    return f"{milliseconds:g}ms" if milliseconds < 1000 else f"{milliseconds / 1000:g}s"


def shorten(text: str, limit: int = 120) -> str:
    """A command on one line, cut to `limit` characters, for a remark."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
