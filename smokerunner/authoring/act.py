"""An act: one thing that a person did or asked, as a recorder saw it or another tool's file tells it.

Acts are what the recorder and all importers have in common; `tidy` makes the steps of a flow from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from smokerunner.model.mail import Message

Notation = Mapping[str, Any]
"""Anything in the flow language as plain data: `{"button": "Save"}`, `{"click": {"button": "Save"}}`."""

KEY_DOWN = "key_down"
KEY_UP = "key_up"
"""Two actions that the flow language lacks: half a `press`. Their `value` is the key; `tidy` joins them."""
TODO = "todo"
"""What could not be mapped; its `value` is the original command, and `validate` refuses it until it is replaced."""


@dataclass(frozen=True)
class Field:
    """What is known of the form field that an act wrote into; empty where nothing is known."""

    type: str = ""
    """The `type` of an input, such as password or email."""
    name: str = ""
    autocomplete: str = ""
    label: str = ""
    """What a person reads beside it."""
    opens_account: bool = False
    """Whether it stands in a form that also asks for a new password."""


@dataclass(frozen=True)
class View:
    """What a person saw once the page had come to rest after an act."""

    url: str = ""
    """Absolute."""
    title: str = ""
    navigated: bool = False
    """Whether the act led to another document or address."""
    appeared: tuple[Notation, ...] = ()
    """Targets of what was not there before, each unique on the page, the most telling first."""


@dataclass(frozen=True)
class Act:
    """One act. `action` is an action of the flow language, or KEY_DOWN, KEY_UP or TODO."""

    action: str
    targets: tuple[Notation, ...] = ()
    """The element by all the ways it was found, the best first; the others become `fallbacks`."""
    value: Any = None
    """What stands under the action key when that is no target: an address, a key, the facts of an expect."""
    beside: Notation = field(default_factory=dict)
    """What stands beside the action, in notation: with, mouse, count, modifiers, dialog, download, timeout, save."""
    written: Field | None = None
    """What is known of the field, for a fill."""
    page: str = ""
    """Which page (tab, window) it happened in; the first one is ''."""
    opens: str | None = None
    """The page that it opened; what is done there becomes its `popup`."""
    view: View | None = None
    """What was seen afterwards, when the recorder looked."""
    at: datetime | None = field(default=None, compare=False)
    """When it was done, in UTC; None where nobody knows."""
    original: str = ""
    """The command or action as the other tool wrote it."""


@dataclass(frozen=True)
class Draft:
    """A flow as it was recorded or imported, before it is tidied."""

    name: str
    """Free text; it becomes a flow name."""
    acts: tuple[Act, ...]
    title: str = ""
    tags: tuple[str, ...] = ()
    base_url: str = ""
    """Where the app was. Addresses of this origin become paths; without it, the origin of the first goto counts."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Variables with which it begins."""
    letters: tuple[Message, ...] = ()
    """The mails that came meanwhile, oldest first."""


@dataclass(frozen=True)
class Remark:
    """Something of another tool's file that was not carried over as it stood."""

    place: str
    """Where it stands: `login.side:14`, or `login.side: test "Log in", command 3`."""
    original: str
    """The command as written."""
    says: str
    """What became of it, or why nothing did."""
    refused: bool = False
    """Whether it became a `todo` step; otherwise it was approximated, or needs nothing."""

    def __str__(self) -> str:
        return f"{self.place}: {self.original}: {self.says}"
