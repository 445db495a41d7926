"""The small tree between a flow and its code: what both languages can say, spelt by neither.

Names are Python's (`get_by_role`, `has_text`); the other printer turns them round.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Expr:
    """Something that has a value."""


@dataclass(frozen=True)
class Var(Expr):
    """A variable of the flow."""

    name: str


@dataclass(frozen=True)
class Name(Expr):
    """A local name, such as `page`."""

    name: str


@dataclass(frozen=True)
class Constant(Expr):
    """A name at the top of the module: the app's address, a secret, the folder with files."""

    name: str


@dataclass(frozen=True)
class Text(Expr):
    """A text, in pieces: literal ones and values that are put in."""

    parts: tuple[str | Expr, ...]

    @property
    def literal(self) -> str | None:
        """The text, when nothing is put into it."""
        return "".join(str(part) for part in self.parts) if all(isinstance(p, str) for p in self.parts) else None


@dataclass(frozen=True)
class Regex(Expr):
    """A regular expression; values put into it are escaped. `flags` are of i, m, s."""

    pattern: Text
    flags: str = ""


@dataclass(frozen=True)
class Value(Expr):
    """Data: numbers, yes and no, lists and mappings, in which expressions may stand."""

    value: Any


@dataclass(frozen=True)
class Script(Expr):
    """A function, or an expression, that the browser evaluates."""

    code: str


@dataclass(frozen=True)
class Call(Expr):
    """A call of a method. `asks` when the browser is asked, which takes its time."""

    on: Expr
    name: str
    args: tuple[Expr, ...] = ()
    options: dict[str, Expr] = field(default_factory=dict)
    asks: bool = False


@dataclass(frozen=True)
class Get(Expr):
    """What an object has; `plain` when it is no call in either language."""

    on: Expr
    name: str
    plain: bool = False


@dataclass(frozen=True)
class Item(Expr):
    """A part of JSON."""

    on: Expr
    key: str | int


@dataclass(frozen=True)
class Helper(Expr):
    """A call of a small function that the module brings along."""

    name: str
    args: tuple[Expr, ...] = ()
    asks: bool = False


@dataclass(frozen=True)
class Compare(Expr):
    """A comparison of two values."""

    left: Expr
    sign: Literal["==", ">=", "<="]
    right: Expr


@dataclass(frozen=True)
class Is(Expr):
    """Whether something that is true or false is as wanted."""

    on: Expr
    wanted: bool


@dataclass(frozen=True)
class Found(Expr):
    """Whether a regular expression finds something in a text."""

    regex: Expr
    text: Expr


@dataclass(frozen=True)
class Statement:
    """Something that is done."""


Block = tuple[Statement, ...]


@dataclass(frozen=True)
class Do(Statement):
    """An expression for what it does."""

    what: Expr


@dataclass(frozen=True)
class Let(Statement):
    """A local name."""

    name: str
    value: Expr


@dataclass(frozen=True)
class Save(Statement):
    """A variable of the flow takes a value."""

    variable: str
    value: Expr


@dataclass(frozen=True)
class Expectation(Statement):
    """Playwright's own expectation, which waits."""

    subject: Expr
    matcher: str
    args: tuple[Expr, ...] = ()
    options: dict[str, Expr] = field(default_factory=dict)
    negated: bool = False


@dataclass(frozen=True)
class Assert(Statement):
    """A value that is known already must equal another, or hold what a regular expression finds."""

    value: Expr
    wanted: Expr


@dataclass(frozen=True)
class Wait(Statement):
    """Wait until something is true; `says` names it when it never is. `timeout` in milliseconds."""

    condition: Expr
    says: str
    timeout: int


@dataclass(frozen=True)
class If(Statement):
    """Only if all of these hold."""

    conditions: tuple[Expr, ...]
    body: Block


@dataclass(frozen=True)
class Known(Statement):
    """Only if these variables were saved."""

    variables: tuple[str, ...]
    body: Block


@dataclass(frozen=True)
class Leniently(Statement):
    """What goes wrong here is told, and the rest goes on."""

    body: Block
    says: str


@dataclass(frozen=True)
class Opening(Statement):
    """Do something and take hold of what it brings: a popup, a download, a file chooser."""

    event: Literal["popup", "download", "filechooser"]
    name: str
    page: Expr
    body: Block
    timeout: int | None


@dataclass(frozen=True)
class Answering(Statement):
    """Do something and answer the dialog that it brings; what it says must fit."""

    page: Expr
    accept: bool
    text: Expr | None
    says: Expr | None
    body: Block
    timeout: int


@dataclass(frozen=True)
class Again(Statement):
    """Do something again and again until it, and what is expected after it, works. Times in milliseconds."""

    body: Block
    every: int
    timeout: int


@dataclass(frozen=True)
class Listen(Statement):
    """Keep what the page says from here on."""

    what: Literal["responses", "console", "downloads"]


@dataclass(frozen=True)
class WithValues(Statement):
    """The variables for a flow that is used here: those known, and these on top, in order."""

    name: str
    own: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True)
class Use(Statement):
    """Another flow's steps; `saves` are brought back from `values` when these are of its own."""

    flow: str
    page: Expr
    values: str
    saves: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remark(Statement):
    """A comment."""

    says: str


@dataclass(frozen=True)
class Course:
    """One flow as code: what it is called, what comes before, its steps and its cleanup."""

    name: str
    title: str
    requires: tuple[str, ...]
    starts_from: str | None
    own: tuple[tuple[str, Expr], ...]
    """Variables of its own, and those of the file that follow from them, in order."""
    steps: Block
    cleanup: Block
    timeout: int | None
    """Milliseconds for each of its steps, when the file says so."""


@dataclass(frozen=True)
class Module:
    """All that is printed. `selected` are tests; `left` are needed by others; all courses are functions."""

    app: str
    source: str
    base_url: str
    secrets: tuple[str, ...]
    shared: tuple[tuple[str, Expr], ...]
    variables: tuple[str, ...]
    """Every variable that the code names."""
    viewport: tuple[int, int]
    tolerated: tuple[Regex, ...]
    dismissed: tuple[Expr, ...]
    courses: tuple[Course, ...]
    selected: tuple[str, ...]
    left: tuple[str, ...]
    remarks: tuple[str, ...]
    """What a person must know or do by hand."""
