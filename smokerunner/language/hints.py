"""What a YAML syntax error most likely means, and how the line is written instead."""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError, StringMark

from smokerunner.language.nodes import Place

_INDENTED = "the indentation does not fit the lines above"


def explain(error: MarkedYAMLError, text: str) -> tuple[Place, str]:
    """Where the mistake is, which is often where something opened, and what would be right."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return (1, 1), f"this is not YAML: {error.problem}"
    lines = text.splitlines() or [""]
    opened = error.context_mark or mark
    return _Mistake(str(error.problem or ""), str(error.context or ""), mark, opened, lines).explained()


class _Mistake:
    def __init__(self, problem: str, context: str, mark: StringMark, opened: StringMark, lines: list[str]) -> None:
        self.problem = problem
        self.context = context
        self.here: Place = (mark.line + 1, mark.column + 1)
        self.opened: Place = (opened.line + 1, opened.column + 1)
        self.line = lines[mark.line] if mark.line < len(lines) else ""
        self.before = self.line[: mark.column]
        self.after = self.line[mark.column :]
        opening = lines[opened.line] if opened.line < len(lines) else ""
        self.opener = opening[opened.column : opened.column + 1]

    def explained(self) -> tuple[Place, str]:
        """The first reading that fits."""
        found = self._in_the_line() or self._token() or self._quoted() or self._braces() or self._block()
        return found or (self.here, f"this is not YAML: {self.problem}")

    def _in_the_line(self) -> tuple[Place, str] | None:
        indent = self.line[: len(self.line) - len(self.line.lstrip())]
        if "\t" in indent:
            return (self.here[0], indent.index("\t") + 1), "a tab; indent with blanks"
        if "directive" in self.context or "incompatible" in self.problem:
            return self.here, "lines that start with '%' are not used here; put quotes around text that starts with '%'"
        if "document start" in self.problem:
            return self.here, "something follows after the end of the document ('...'); a flow file holds one"
        return None

    def _token(self) -> tuple[Place, str] | None:
        if "cannot start any token" in self.problem:
            return self.here, _quote(self.after[:1])
        if "alias" in self.context or "anchor" in self.context or " tag" in self.context or "tag " in self.problem:
            return self.opened, _quote(self.opener)
        if "block scalar" in self.context:
            return self.opened, _quote(self.opener)
        if "node content" in self.problem and self.after[:1] in ("}", "]", ","):
            return self.here, _quote(self.after[:1])
        return None

    def _quoted(self) -> tuple[Place, str] | None:
        if "quoted scalar" not in self.context:
            return None
        if "Unicode" in self.problem or "hex" in self.problem:
            return self.here, "this escape is not a character; write the character itself"
        if "escape" in self.problem:
            return self.here, "inside double quotes a backslash is written twice; or use single quotes"
        return self.opened, "the quote that opens here is never closed"

    def _braces(self) -> tuple[Place, str] | None:
        if "flow" not in self.context:
            return None
        if self.after[:1] == "{" and self.before.endswith("$"):
            place = (self.here[0], self.here[1] - 1)
            return place, 'put quotes around text with ${…} inside braces, such as {to: "${email}"}'
        if self.here[0] > self.opened[0]:
            return self.opened, f"the '{self.opener}' that opens here is never closed"
        return self.here, "put quotes around text with one of , : [ ] { } inside braces"

    def _block(self) -> tuple[Place, str] | None:
        if "mapping values" in self.problem:
            if ": " in self.before:
                return self.here, "put quotes around text with ': ' in it"
            return self.here, f"{_INDENTED}, or one of them lacks ': ' (a colon and a blank)"
        if "could not find expected ':'" in self.problem:
            return self.opened, "this line lacks ': ' (a colon and a blank)"
        if "sequence entries" in self.problem:
            return self.here, "a list begins on a line of its own; put quotes around text that starts with '- '"
        if "'-' indicator" in self.problem or ("block collection" in self.context and "block end" in self.problem):
            return self.here, f"a list ends here without its key; {_INDENTED}, or '- ' is missing"
        if "block mapping" in self.context:
            said = self.before.rstrip()
            if said.endswith(("'", '"')):
                return self.here, "text goes on after the closing quote; put quotes around all of it"
            if said.endswith(("]", "}")):
                return self.here, _quote("[" if said.endswith("]") else "{")
            return self.here, _INDENTED
        return None


def _quote(start: str) -> str:
    return f"put quotes around text that starts with '{start}'"
