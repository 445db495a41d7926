"""How one value may be written: every sign of it as itself or in any escape, mixed at will."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from functools import cache, cached_property
from html.entities import html5
from urllib.parse import quote

from smokerunner.model.record import record

_ANCHOR = 3
"""Letters and digits in a row from this length on are looked for first: finding them is a hundred times faster."""
_WIDEST = 24
"""Bytes that one sign takes in its longest escape."""
_HEAD = 4
"""Signs of a value's beginning that tell it, when somebody cut it and put `…` behind."""

_PERCENT = rb"(?:%(?:25)*|=)"
_BACKSLASH = rb"(?:\\|%(?:25)*5[cC]|&#92;|&#[xX]5[cC];)"
_AMPERSAND = rb"(?:&(?:amp;)*|%(?:25)*26|\\+u0026)"
_BLANK = (
    rb"(?:[ \t\r\n\v\f+]|\xc2\xa0|\xa0|(?:%(?:25)*|=)(?:20|0[9aAbBcCdD]|[cC]2(?:%(?:25)*|=)[aA]0)|"
    + _BACKSLASH
    + rb"+(?:[nrt ]|u00(?:0[9aAdD]|20|[aA]0)|u\{0*(?:9|[aAdD]|20|[aA]0)\}|x(?:0[9aAdD]|20|[aA]0))|"
    + _AMPERSAND
    + rb"(?:#0*(?:9|10|13|32|160);?|#[xX]0*(?:9|[aA]|[dD]|20|[aA]0);?|nbsp;|NewLine;|Tab;))"
)
_CUTS = (b"\xe2\x80\xa6", b"...", b"\\u2026", b"&hellip;", b"%E2%80%A6")
_CUT = re.compile(rb"\\*" + b"(?:" + b"|".join(map(re.escape, _CUTS)) + b")")
Begun = dict[tuple[tuple[str, ...], int], list[tuple[int, int]]]
"""By the first signs of values and how far before a cut they may stand: where they do."""
_CONTROLS = {"\b": b"b", "\f": b"f", "\v": b"v", "\0": b"0"}


def _hex(number: int, width: int) -> bytes:
    """Hexadecimal digits in either case."""
    return "".join(f"[{sign}{sign.upper()}]" if sign.isalpha() else sign for sign in f"{number:0{width}x}").encode()


def _cases(escape: str) -> set[str]:
    """An escape with its hexadecimal digits in either case."""
    head = escape[:1] if escape[:1] in "uxX{" else ""
    return {head + escape[len(head) :].lower(), head + escape[len(head) :].upper()}


def _units(sign: str) -> list[int]:
    data = sign.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


@cache
def _sign(sign: str) -> bytes:
    """The pattern of one sign."""
    code, plain = ord(sign), sign.encode("utf-8", "surrogatepass")
    # In YAML, SQL and CSV a quote within quotes stands twice.
    ways = [
        re.escape(plain) + (b"{1,2}" if sign in "'\"" else b""),
        b"".join(_PERCENT + _hex(byte, 2) for byte in plain),
    ]
    ways.append(b"".join(_BACKSLASH + b"+u" + _hex(unit, 4) for unit in _units(sign)))
    ways.append(_BACKSLASH + rb"+u\{0*" + _hex(code, 1) + rb"\}")
    numbers = str(code).encode() + b"|[xX]0*" + _hex(code, 1)
    ways.append(_AMPERSAND + b"#0*(?:" + numbers + rb")(?:;|%3[bB]|(?![0-9a-fA-F]))")
    if code < 0x100:
        ways += [_BACKSLASH + b"+x" + _hex(code, 2), _BACKSLASH + f"+{code:03o}".encode()]
    if code >= 0x80:
        # As it stands in Latin-1, and in UTF-16 once the zeros are out.
        ways += [re.escape(sign.encode(code_page, "surrogatepass")) for code_page in ("utf-16-le", "utf-16-be")]
        ways += [re.escape(sign.encode("latin-1"))] if code < 0x100 else []
    if sign.isascii() and sign.isalnum():
        return b"(?:" + b"|".join(ways) + b")"
    names = sorted((name for name, shown in html5.items() if shown == sign), key=lambda name: -len(name))
    if names:
        ways.append(_AMPERSAND + b"(?:" + b"|".join(re.escape(name.encode()) for name in names) + b")")
    if sign in _CONTROLS:
        ways.append(_BACKSLASH + b"+" + _CONTROLS[sign])
    if sign == "+":
        # A query that was not encoded is read with blanks in the place of +.
        ways.append(_BLANK)
    return b"(?:" + _BACKSLASH + b"*(?:" + b"|".join(ways) + b"))"


@cache
def _base64_sign(sign: str) -> bytes:
    return {"+": b"(?:" + _sign("+") + b"|-)", "/": b"(?:" + _sign("/") + b"|_)"}.get(sign) or _sign(sign)


def _words(value: str) -> list[str]:
    """The value in signs; blanks in a row are one, as pages and our own messages fold them."""
    return re.findall(r"\s+|\S", value.strip())


@cache
def _compiled(sign: str) -> re.Pattern[bytes]:
    return re.compile(_BLANK + b"+" if sign.isspace() else _sign(sign), re.DOTALL)


def _run(value: str) -> tuple[int, str]:
    """Where the longest row of letters and digits begins, and the row."""
    longest = max(re.finditer(r"[A-Za-z0-9]+", value), key=lambda found: len(found[0]), default=None)
    return (longest.start(), longest[0]) if longest else (0, "")


@record
class Spelling:
    """One value and all the ways to write it. `in_base64` values are base64 already: URL-safe signs count too."""

    value: str
    in_base64: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[bytes]:
        """Matches the value in any mixture of escapes."""
        sign = _base64_sign if self.in_base64 else _sign
        parts = [_BLANK + b"+" if word.isspace() else sign(word) for word in _words(self.value)]
        return re.compile(b"".join(parts), re.DOTALL)

    @cached_property
    def least(self) -> int:
        """Signs that it takes at least, however it is written."""
        return len(_words(self.value))

    @cached_property
    def anchor(self) -> bytes:
        """Letters and digits that stand wherever the value stands unescaped; empty when there are too few in a row."""
        run = _run(self.value)[1]
        return run.encode() if len(run) >= _ANCHOR else b""

    @cached_property
    def wide_anchor(self) -> bytes:
        """The same for UTF-16 of either byte order."""
        return b"\0".join(bytes([sign]) for sign in self.anchor)

    @cached_property
    def anchors(self) -> dict[bytes, tuple[bytes, ...]]:
        """What of the value to look for first in a text, by the sign without which it cannot stand there.

        Empty when nothing is so sure: then everything must be looked at.
        """
        if self.in_base64:
            return {b"": (self.anchor,)} if self.anchor else {}
        if self.anchor:
            hexes = "-".join(f"{sign:02x}" for sign in self.anchor)
            both = {hexes, hexes.upper()}
            spelt = {
                b"%": {f"%{pairs.replace('-', '%')}" for pairs in both},
                b"=": {f"={pairs.replace('-', '=')}" for pairs in both},
                b"\\": {
                    lead + pairs.replace("-", lead) for pairs in both for lead in (r"\u00", r"\x", r"\\u00", r"\\x")
                },
                b"&#": {f"&#{x}{pairs.replace('-', f';&#{x}')};" for pairs in both for x in "xX"}
                | {"".join(f"&#{sign};" for sign in self.anchor)},
            }
            return {b"": (self.anchor,), **{lead: tuple(t.encode() for t in sorted(spelt[lead])) for lead in spelt}}
        rare = max(self.value)
        if rare.isascii() or rare.isspace():
            return {}
        first, last = _units(rare)[0], _units(rare)[-1]
        pairs = [f"{byte:02x}" for byte in rare.encode("utf-8", "surrogatepass")]
        spelt = {
            b"%": {lead.join(pairs) for lead in ("%", "%25")} | {f"u{first:04x}", f"x{first:02x}"},
            b"=": {"=".join(pairs)},
            b"\\": {f"u{first:04x}", f"{last:04x}", f"x{first:02x}", f"{{{ord(rare):x}"},
            b"&": {name for name, shown in html5.items() if shown == rare and len(name) >= _ANCHOR},
            b"&#": {f"#{ord(rare)}", *(f"{x}{code}" for x in "xX" for code in (f"{ord(rare):x}", f"{ord(rare):04x}"))},
        }
        cased = {
            lead: {form for text in texts for form in ((text,) if lead == b"&" else _cases(text))}
            for lead, texts in spelt.items()
        }
        return {b"": self._raw(rare), **{lead: tuple(t.encode() for t in sorted(cased[lead])) for lead in cased}}

    @cached_property
    def unescaped(self) -> tuple[bytes, ...]:
        """What to look for first in bytes that are no text: one of these stands wherever the value stands unescaped."""
        return self.anchors.get(b"", (self.value.encode("utf-8", "surrogatepass"),))

    @cached_property
    def head(self) -> bytes | None:
        """Letters and digits that stand wherever only the beginning stands; empty when there are too few in a row.

        None when a beginning does not tell the value.
        """
        if self.in_base64 or self.least <= _HEAD:
            return None
        run = _run(self.value.strip()[:_HEAD])[1]
        return run.encode() if len(run) >= _ANCHOR else b""

    def _raw(self, rare: str) -> tuple[bytes, ...]:
        """The sign as it is, in UTF-8 and UTF-16; in Latin-1 with a neighbour, for one byte occurs everywhere."""
        raw = {rare.encode(code, "surrogatepass") for code in ("utf-8", "utf-16-le", "utf-16-be")}
        at = self.value.index(rare)
        pairs = {self.value[at : at + 2], self.value[max(0, at - 1) : at + 1]} - {rare}
        return (*raw, *(pair.encode("latin-1") for pair in pairs if max(pair) < "\u0100"))

    def spans(self, data: bytes, anchors: tuple[bytes, ...]) -> Iterator[tuple[int, int]]:
        """Where the value stands in these bytes; without anchors everything is looked at."""
        for start, end in _windows(data, anchors, _WIDEST * (self.least + 8)):
            yield from (found.span() for found in self.pattern.finditer(data, start, end))

    def cut_spans(self, data: bytes, cuts: tuple[int, ...], begun: Begun) -> Iterator[tuple[int, int]]:
        """Where somebody wrote only its beginning and `…`; `cuts` are the places of the dots.

        `begun` remembers, for this data, where beginnings stand: many links begin alike.
        """
        head = self.head
        if head is None or head not in data:
            return
        words = _words(self.value)
        # A power of two, so that values of nearly the same length share what was found for them.
        key = (tuple(words[:_HEAD]), _WIDEST << (len(words) - 1).bit_length())
        if key not in begun:
            begun[key] = list(_beginnings(data, cuts, *key))
        for start, end in begun[key]:
            known = _HEAD
            while known < len(words) and (found := _compiled(words[known]).match(data, end)):
                end, known = found.end(), known + 1
            if known < len(words) and _CUT.match(data, end):
                yield start, end


def _beginnings(data: bytes, cuts: tuple[int, ...], words: tuple[str, ...], reach: int) -> Iterator[tuple[int, int]]:
    """Where these signs stand at most so many bytes before a cut."""
    for low, high in _merged([(max(0, cut - reach), cut) for cut in cuts]):
        for begin in _compiled(words[0]).finditer(data, low, high):
            end: int | None = begin.end()
            for word in words[1:]:
                found = None if end is None else _compiled(word).match(data, end)
                end = None if found is None else found.end()
            if end is not None:
                yield begin.start(), end


def _windows(data: bytes, anchors: tuple[bytes, ...], reach: int) -> list[tuple[int, int]]:
    """Stretches around each place of each anchor; everything when there is no anchor."""
    if not anchors:
        return [(0, len(data))]
    places = []
    for anchor in anchors:
        at = data.find(anchor)
        while at >= 0:
            places.append((max(0, at - reach), min(len(data), at + len(anchor) + reach)))
            at = data.find(anchor, at + len(anchor))
    return _merged(places)


def _merged(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that touch made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def cuts(data: bytes) -> tuple[int, ...]:
    """Where somebody may have cut something in these bytes."""
    if not any(sign in data for sign in _CUTS):
        return ()
    return tuple(found.start() for found in _CUT.finditer(data))


def spellings(value: str, shortest: int) -> list[Spelling]:
    """A value, its longer pieces, and what base64 makes of it at every place in a longer text.

    Whoever puts it into a query as it stands cuts it at `&` and `#`, and whoever prints it, at the end of a line: a
    piece of at least `shortest` signs is as good as the whole.
    """
    pieces = [value, *(piece for piece in re.split(r"[&#\r\n]", value) if len(piece.strip()) >= shortest)]
    found = [Spelling(piece) for piece in dict.fromkeys(pieces)]
    written = [value, quote(value, safe=""), quote(value, safe="!'()*")]
    written += [json.dumps(value, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)]
    inner = {text for way in written for text in aligned(way.encode("utf-8", "surrogatepass"), shortest)}
    found += [Spelling(text, in_base64=True) for text in sorted(inner)]
    digits = value.encode("utf-8", "surrogatepass").hex()
    return [*found, *(Spelling(text, in_base64=True) for text in sorted({digits, digits.upper()}))]


def aligned(value: bytes, shortest: int) -> Iterator[str]:
    """The base64 of a value that begins at each of the three alignments; only whole characters count."""
    for lead in range(3):
        padded = b"\0" * lead + value
        encoded = base64.b64encode(padded).decode().rstrip("=")
        text = encoded[(0, 2, 3)[lead] : len(padded) * 8 // 6]
        if len(text) >= shortest:
            yield text
