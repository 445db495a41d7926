"""JavaScript in tokens: as much of it as codegen prints, with places, so that the rest can be quoted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from smokerunner.importers.playwright_codegen.selectors import Expression


@dataclass(frozen=True)
class Token:
    """A name, a value (string, number, regular expression) or a punctuator, and where it stands in the text."""

    kind: str
    """name, value, template, punctuator, or end."""
    text: str
    value: Any
    start: int
    end: int
    after_newline: bool = False


class BadToken(Exception):
    """Text that is no JavaScript token; `at` is its offset."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(r"\d[\d_]*(?:\.\d+)?")
_STRING = re.compile(r"""(["'])((?:\\.|(?!\1)[^\\\n])*)\1""", re.DOTALL)
_TEMPLATE = re.compile(r"`((?:\\.|[^\\`])*)`", re.DOTALL)
_REGEX = re.compile(r"/((?![*/])(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\\\[\n])+)/([a-z]*)")
_PUNCTUATOR = re.compile(r"=>|\.\.\.|[=!]==?|&&|\|\||\?\?|\?\.|[{}()\[\].,;:=<>?!+\-*/%&|^~@#]")
_ESCAPE = re.compile(r"\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r?\n|.)", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}
_COMMENTED = re.compile(r"^(\s*)// (await expect\()")


def uncomment(text: str) -> str:
    """Codegen's library scripts have their expectations in comments; here they are statements. Lines stay lines."""
    lines = text.split("\n")
    is_open = False
    for index, line in enumerate(lines):
        if is_open:
            lines[index] = re.sub(r"^\s*//", "", line)
        elif _COMMENTED.match(line):
            lines[index] = _COMMENTED.sub(r"\1\2", line)
        else:
            continue
        is_open ^= len(re.findall(r"(?<!\\)`", lines[index])) % 2 == 1
    return "\n".join(lines)


def tokens_of(text: str) -> list[Token]:
    """All tokens, the last one of the kind `end`; raises BadToken."""
    found: list[Token] = []
    at = 0
    while True:
        space = _SPACE.match(text, at)
        newline = space is not None and "\n" in space[0]
        at = space.end() if space else at
        if at >= len(text):
            return [*found, Token("end", "", None, len(text), len(text), True)]
        token = _token(text, at, found[-1] if found else None, newline)
        found.append(token)
        at = token.end


def _token(text: str, at: int, before: Token | None, newline: bool) -> Token:
    def made(kind: str, match: re.Match[str], value: Any = None) -> Token:
        return Token(kind, match[0], value, at, match.end(), newline)

    if name := _NAME.match(text, at):
        if name[0] in _WORDS and (before is None or before.text != "."):
            return made("value", name, _WORDS[name[0]])
        return made("name", name)
    if number := _NUMBER.match(text, at):
        return made("value", number, float(number[0]) if "." in number[0] else int(number[0].replace("_", "")))
    if string := _STRING.match(text, at):
        return made("value", string, _unescape(string[2]))
    if template := _TEMPLATE.match(text, at):
        holds = re.search(r"(?<!\\)(?:\\\\)*\$\{", template[1])
        return made("template", template) if holds else made("value", template, _unescape(template[1]))
    if (before is None or before.text in ("(", ",", "=", ":", "[", "=>", "return", "!")) and (
        regex := _REGEX.match(text, at)
    ):
        return made("value", regex, Expression(regex[1], regex[2]))
    if punctuator := _PUNCTUATOR.match(text, at):
        return made("punctuator", punctuator)
    raise BadToken(f"this is not JavaScript: {text[at : at + 20]!r}", at)


def _unescape(body: str) -> str:
    def one(found: re.Match[str]) -> str:
        code = found[1]
        if code[0] in "ux" and len(code) > 1:
            return chr(int(code[1:].strip("{}"), 16))
        return _PLAIN.get(code, code)

    # Characters beyond the first plane may be written as two escapes, each half a character.
    return _ESCAPE.sub(one, body).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
