"""Scripts that codegen printed, turned into drafts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from smokerunner.authoring.act import TODO, Act, Draft, Remark
from smokerunner.importers.importer import Imported
from smokerunner.importers.playwright_codegen.actions import Line, Understood, understand, with_signals
from smokerunner.importers.playwright_codegen.calls import (
    HARMLESS,
    line_of,
    split,
    understand_call,
    understand_expectation,
)
from smokerunner.importers.playwright_codegen.expressions import (
    Chain,
    Function,
    NotUnderstood,
    Script,
    Source,
    Statement,
)
from smokerunner.importers.playwright_codegen.locators import escape
from smokerunner.importers.playwright_codegen.selectors import Inexpressible

_BROWSERS = ("chromium", "firefox", "webkit", "playwright", "p")
_NEEDLESS = {
    "waitForLoadState": "every step waits by itself; it is left out",
    "waitForSelector": "every step waits by itself; it is left out",
    "bringToFront": "pages are not brought to the front; it is left out",
    "setViewportSize": "the size of the page stands in the flow file as `viewport`",
    "setDefaultTimeout": "time-outs stand in the flow file; it is left out",
    "setDefaultNavigationTimeout": "time-outs stand in the flow file; it is left out",
    "pause": "a halt for the inspector; it is left out",
    "screenshot": "every step has its picture; it is left out",
    "storageState": "what a flow leaves behind is taken with `starts_from`; it is left out",
    "routeFromHAR": "answers are never replayed from a file; it is left out",
}
_TYPING = re.compile(r"""(\.(?:fill|type|press_sequentially|pressSequentially)\()(?:(["'`])(?:\\.|(?!\2).)*\2)""")


def import_scripts(source: Source, path: str, name: str) -> Imported:
    """Every script as a draft; a script without a name of its own is called `name`."""
    remarks: list[Remark] = []
    for statement in source.outside:
        says = "it stands outside of every test; it is left out"
        remarks.append(Remark(f"{path}:{statement.line}", statement.text, says))
    drafts = []
    for script in source.scripts:
        telling = _Telling(path)
        acts = telling.tell(script)
        drafts.append(Draft(script.name or name, acts, title=script.name, tags=script.tags))
        remarks += telling.remarks
    return Imported(tuple(drafts), tuple(remarks))


@dataclass
class _Entry:
    """A statement that acts, and what it caused so far."""

    statement: Statement
    page: str
    understood: Understood | Line
    signals: list[Line] = field(default_factory=list)


class _Telling:
    """Goes through the statements of one script and remembers its pages and promises."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._pages = {"page": ""}
        self._promises: dict[str, tuple[str, Statement]] = {}
        self._dialog: tuple[Statement, Line] | None = None
        self._entries: list[_Entry] = []
        self.remarks: list[Remark] = []

    def tell(self, script: Script) -> tuple[Act, ...]:
        """The acts of a script; what was not carried over stands in `remarks` afterwards."""
        for statement in script.statements:
            try:
                known = self._statement(statement)
                reason = "it is none of what codegen prints"
            except NotUnderstood:
                known, reason = False, "it is none of what codegen prints"
            except Inexpressible as said:
                known, reason = False, f"a flow has nothing for {said}"
            if not known:
                page = self._pages.get(statement.chain.root, "") if statement.chain is not None else ""
                self._add(statement, page, Understood(None, (reason,), refused=True))
        for _, statement in self._promises.values():
            self._remark(statement, "nothing waits for it; it is left out")
        if self._dialog is not None:
            self._remark(self._dialog[0], "no step follows that could open the dialog; it is left out")
        return tuple(act for entry in self._entries if (act := self._act(entry)) is not None)

    def _act(self, entry: _Entry) -> Act | None:
        original = redact(entry.statement.text)
        found = entry.understood
        if not isinstance(found, Understood):
            found = understand({**found, "original": original}, lambda _: entry.page)
        act = Act(TODO, value=escape(original)) if found.refused else found.act
        says = found.says
        if act is not None:
            act, more = with_signals(
                replace(act, page=entry.page, original=original),
                tuple(entry.signals),
                lambda alias: self._pages.get(alias, alias),
            )
            says = (*says, *more)
        for said in says:
            self._remark(entry.statement, said, refused=found.refused)
        return act

    def _remark(self, statement: Statement, says: str, *, refused: bool = False) -> None:
        self.remarks.append(Remark(f"{self._path}:{statement.line}", redact(statement.text), says, refused))

    def _statement(self, statement: Statement) -> bool:
        """Take one statement; False when it is not known."""
        chain = statement.chain
        if chain is None:
            return False
        if chain.root in self._promises and not chain.links:
            self._keep(chain.root, statement.assigned)
            return True
        if chain.root == "expect" and len(chain.links) > 1:
            return self._expect(statement, chain)
        if chain.root in self._pages and chain.links:
            return self._page_call(statement, chain)
        return self._around(statement, chain)

    def _around(self, statement: Statement, chain: Chain) -> bool:
        """The browser and its context: begun and ended by us."""
        last = chain.links[-1] if chain.links else None
        if last is None or chain.root not in (*_BROWSERS, "browser", "context"):
            return False
        if last.name in _NEEDLESS:
            self._remark(statement, _NEEDLESS[last.name])
        elif last.name == "newPage":
            self._pages.setdefault(statement.assigned, statement.assigned)
        elif last.name in ("newContext", "launch"):
            given = sorted(set(split(last)[1]) - {"headless"})
            if given:
                self._remark(statement, f"left out: {', '.join(given)}")
        elif last.name != "close":
            return False
        return True

    def _page_call(self, statement: Statement, chain: Chain) -> bool:
        page = self._pages[chain.root]
        last = chain.links[-1]
        args, options = split(last)
        if len(chain.links) == 1:
            if last.name == "waitForEvent" and args and args[0] in ("popup", "download") and statement.assigned:
                self._promises[statement.assigned] = (str(args[0]), statement)
                return True
            if last.name == "once" and args and args[0] == "dialog":
                self._dialog = (statement, _answer(args[-1]))
                return True
            if last.name == "close":
                return True
            if last.name in _NEEDLESS:
                self._remark(statement, _NEEDLESS[last.name])
                return True
        line = line_of(chain)
        found = line if line is not None else understand_call(chain)
        if found is None:
            return False
        if page and page not in self._opened:
            raise Inexpressible("a tab that the app did not open")
        self._add(statement, page, found)
        if dropped := sorted(set(options) & set(HARMLESS)):
            self._remark(statement, f"left out: {', '.join(dropped)}")
        return True

    def _add(self, statement: Statement, page: str, found: Understood | Line) -> None:
        """An act, with the dialog whose handler stood before it."""
        signals = [] if self._dialog is None else [self._dialog[1]]
        self._dialog = None
        self._entries.append(_Entry(statement, page, found, signals))

    @property
    def _opened(self) -> set[str]:
        return {str(signal.get("popupAlias")) for entry in self._entries for signal in entry.signals}

    def _keep(self, promise: str, variable: str) -> None:
        """What was promised came with the last act."""
        event, _ = self._promises.pop(promise)
        if not self._entries:
            raise NotUnderstood
        if event == "popup":
            alias = variable or f"page{len(self._pages)}"
            self._pages[alias] = alias
            self._entries[-1].signals.append({"name": "popup", "popupAlias": alias})
        else:
            self._entries[-1].signals.append({"name": "download"})

    def _expect(self, statement: Statement, chain: Chain) -> bool:
        first, *rest = chain.links
        subject = first.args[0] if len(first.args) == 1 and not first.name else None
        if not isinstance(subject, Chain) or subject.root not in self._pages:
            return False
        found = understand_expectation(subject, tuple(rest))
        if found is None:
            return False
        self._entries.append(_Entry(statement, self._pages[subject.root], found))
        return True


def _answer(handler: object) -> Line:
    """How a dialog's handler answers it; codegen's own always dismisses."""
    if isinstance(handler, Function):
        for statement in handler.statements:
            for link in statement.chain.links if statement.chain is not None else ():
                if link.name in ("accept", "dismiss"):
                    text = link.args[0] if link.args and isinstance(link.args[0], str) else None
                    answer = link.name if text is None else {"answer": link.name, "text": escape(text)}
                    return {"name": "dialog", "answer": answer}
    raise NotUnderstood


def redact(text: str) -> str:
    """A line of a script without what was typed: it may be a password, and originals are shown."""
    return _TYPING.sub(r"\1\2…\2", text)
