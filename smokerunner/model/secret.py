"""Masking, decided in one place: which values must not be seen, in all the forms they take."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from smokerunner.model.sieve import Shorts, Sieve
from smokerunner.model.spelling import Begun, Spelling, aligned, cuts, spellings

SHORTEST = 8
"""Shorter values occur by chance; they are masked by field only."""
_TOKEN = 16
"""Path segments and query values of a one-time link from this length on are secrets of their own."""

_READABLE = bytes(sign if 32 <= sign < 127 or sign in b"\t\n\r" else 0 for sign in range(256))
_LEADS = (b"", b"%", b"=", b"\\", b"&", b"&#")
"""What every escape begins with; the empty one stands for no escape."""
_WIDE = re.compile(rb"[\t\n\r\x20-\x7e]\0[\t\n\r\x20-\x7e]\0[\t\n\r\x20-\x7e]")
"""Three plain signs in UTF-16, of either byte order."""
_FEW = 64
"""So many spellings are tried one after the other; of more, only those of which a part is there."""
_STRETCH = re.compile(rb"[^\0]{8,}")


def mask_of(name: str) -> str:
    """What stands in a secret's place."""
    return f"***{name}***"


def forms(value: str) -> set[str]:
    """A value as it is often written, to replace it word by word: raw, URL-, HTML-, JSON- and base64-encoded.

    Whoever puts it into a query as it stands cuts it at `&` and `#`, so its longer pieces are secrets as well.
    """
    pieces = {value, *(piece for piece in re.split("[&#]", value) if len(piece) >= SHORTEST)}
    pieces |= {piece.replace("+", " ") for piece in pieces}
    found = {form for piece in pieces for form in (piece, *_url_forms(piece))}
    found |= {form for text in tuple(found) for form in _html_forms(text)}
    found |= {form for text in tuple(found) for form in _json_forms(text)}
    found |= set(_base64_forms(value.encode()))
    return {form for form in found if len(form) >= min(len(value), SHORTEST)}


_URL_SAFE = (
    "",  # forms and most libraries
    "/",
    "!'()*",  # encodeURIComponent
    ";,/?:@&=+$!'()*#",  # encodeURI
    "!$%&()*+,/:;=?@[\\]^`{|}",  # what browsers leave in a query that was not encoded
    "!$%&'()*+,/:;=@[]|",  # and in a path
    "!#$%&'()*+,/:;=?@[\\]^{|}",  # and behind a #
)


def _url_forms(value: str) -> Iterator[str]:
    for safe in _URL_SAFE:
        form = quote(value, safe=safe)
        yield from (form, re.sub(r"%[0-9A-F]{2}", lambda hexes: hexes[0].lower(), form))
    yield from (quote_plus(value), quote_plus(value, safe="*").replace("~", "%7E"))


def _html_forms(value: str) -> Iterator[str]:
    text, full = html.escape(value, quote=False), html.escape(value)
    yield from (text, full, value.replace("&", "&amp;").replace('"', "&quot;"), text.replace('"', "&quot;"))
    yield from (full.replace("&#x27;", entity) for entity in ("&#39;", "&apos;"))
    yield full.replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def _json_forms(value: str) -> Iterator[str]:
    for ascii_only in (True, False):
        once = json.dumps(value, ensure_ascii=ascii_only)[1:-1]
        # Templates write <, >, & and ' so that JSON can stand in a page.
        paged = re.sub("[<>&']", lambda sign: f"\\u{ord(sign[0]):04x}", once)
        for form in (once, once.replace("/", r"\/"), paged, re.sub(r"\\u....", _upper, paged)):
            yield from (form, json.dumps(form, ensure_ascii=ascii_only)[1:-1])


def _upper(found: re.Match[str]) -> str:
    return found[0][:2] + found[0][2:].upper()


def _base64_forms(value: bytes) -> Iterator[str]:
    for inner in aligned(value, SHORTEST):
        yield inner
        yield inner.replace("+", "-").replace("/", "_")


class Secrets:
    """The values of one run that must not be seen. Grows while the run goes on: one-time links, codes."""

    def __init__(self, values: dict[str, str] | None = None, weak: frozenset[str] = frozenset()) -> None:
        self._values: dict[str, str] = {}
        self._spellings: dict[Spelling, str] = {}
        self._tried = _Tried()
        self._fields: set[str] = set()
        for name, value in (values or {}).items():
            self.add(name, value, weak=name in weak)

    def add(self, name: str, value: str, *, weak: bool = False) -> None:
        """Keep `value` out of sight from now on; a short or `weak` one only where it is a field's whole value."""
        self._values[name] = value
        self._remember(name, value, weak=weak)

    def add_one_time(self, name: str, value: str) -> None:
        """A link or code that came by mail: a link's path, long segments and query values are secrets too."""
        self._remember(name, value, weak=False)
        parts = urlsplit(value)
        if parts.scheme in ("http", "https"):
            tail = parts.path + (f"?{parts.query}" if parts.query else "")
            pieces = [tail, *parts.path.split("/"), *(item for _, item in parse_qsl(parts.query))]
            for piece in pieces:
                if len(piece) >= _TOKEN:
                    self._remember(name, piece, weak=False)

    def _remember(self, name: str, value: str, *, weak: bool) -> None:
        if not value:
            return
        self._fields.add(value)
        if not weak and len(value.strip()) >= SHORTEST:
            for spelling in spellings(value, SHORTEST):
                if spelling not in self._spellings:
                    self._spellings[spelling] = mask_of(name)
                    self._tried.add(spelling)

    def value(self, name: str) -> str:
        """The value of a named secret; raises KeyError when there is none."""
        return self._values[name]

    @property
    def names(self) -> frozenset[str]:
        """The secrets that have a value."""
        return frozenset(self._values)

    @property
    def are_searched(self) -> bool:
        """Whether there is any value to look for in texts and files."""
        return bool(self._spellings)

    @property
    def raw(self) -> tuple[str, ...]:
        """The values themselves, for finding them on a page."""
        return tuple(self._fields)

    def scrub(self, text: str) -> str:
        """`text` with every form of every secret masked, and wholly masked if it is a secret, however short."""
        data = text.encode("utf-8", "surrogatepass")
        masked = self.scrub_bytes(data)
        if masked is data:
            return "***" if text in self._fields else text
        return masked.decode("utf-8", "replace")

    def scrub_bytes(self, data: bytes) -> bytes:
        """The same for the bytes of a text; the very same object when there was nothing to mask."""
        spans = sorted(self._spans(data), key=lambda span: (span[0], -span[1]))
        if not spans:
            return data
        clean: list[bytes] = []
        kept = 0
        # Of those that overlap the longest gives its name: a link, not the token in it.
        for start, end, mask in _merged(spans):
            before = data[kept:start]
            if (len(before) - len(before.rstrip(b"\\"))) % 2:
                # Half an escape would stay, and break the JSON that it stands in.
                before = before[:-1]
            clean += [before, mask.encode()]
            kept = end
        return b"".join((*clean, data[kept:]))

    def reveals(self, text: str) -> bool:
        """Whether `text` is, or holds, a secret."""
        return text in self._fields or self.found_in(text.encode("utf-8", "surrogatepass"))

    def found_in(self, data: bytes) -> bool:
        """Whether any form of a secret stands in these bytes, text or not."""
        return next(self._spans(data) if b"\0" not in data else self._binary_spans(data), None) is not None

    def _spans(self, data: bytes) -> Iterator[tuple[int, int, str]]:
        leads = tuple(lead for lead in _LEADS if lead in data)
        places, begun = cuts(data), Begun()
        for spelling in self._tried.in_text(data, cut=bool(places)):
            mask = self._spellings[spelling]
            if len(data) >= spelling.least:
                known = spelling.anchors
                anchors = tuple(anchor for lead in leads for anchor in known.get(lead, ()))
                if anchors or not known:
                    for start, end in spelling.spans(data, anchors):
                        yield start, end, mask
            if places:
                for start, end in spelling.cut_spans(data, places, begun):
                    yield start, end, mask

    def _binary_spans(self, data: bytes) -> Iterator[tuple[int, int, str]]:
        """The same in bytes that are no text: escapes stand only in stretches that can be read."""
        readable = b"\0".join(_STRETCH.findall(data.translate(_READABLE)))
        yield from self._spans(readable)
        narrow = data.replace(b"\0", b"")
        if len(narrow) * 4 < len(data) * 3:
            # UTF-16, in which any escape may stand.
            yield from self._spans(narrow)
        for spelling in self._tried.in_binary(data, readable, narrow):
            mask = self._spellings[spelling]
            anchors = spelling.unescaped
            wide = spelling.wide_anchor
            for text in (data, narrow) if not wide or wide in data else (data,):
                for start, end in spelling.spans(text, anchors):
                    yield start, end, mask


class _Tried:
    """Which spellings are worth a closer look in some bytes, in the order in which they were added.

    All of a few, and of many those of which something stands there without which they cannot.
    """

    def __init__(self) -> None:
        self._all: list[Spelling] = []
        self._sorted = 0
        """How many of them are in the sieves."""
        self._whole, self._heads, self._plain, self._odd = Sieve(), Sieve(), Sieve(), Shorts()
        self._always: list[int] = []
        self._always_cut: list[int] = []

    def add(self, spelling: Spelling) -> None:
        """One more."""
        self._all.append(spelling)

    def in_text(self, data: bytes, *, cut: bool) -> list[Spelling]:
        """Those that may stand in a text, or, with `cut`, whose beginning may."""
        if len(self._all) <= _FEW:
            return self._all.copy()
        self._sort()
        caught = {*self._always, *self._whole.caught(data)}
        if cut:
            caught |= {*self._always_cut, *self._heads.caught(data)}
        return [self._all[number] for number in sorted(caught)]

    def in_binary(self, data: bytes, readable: bytes, narrow: bytes) -> list[Spelling]:
        """Those that may stand unescaped in bytes that are no text, or in them without their zeros.

        What is plain and long can only be where eight plain signs stand in a row, which in packed data is nearly
        nowhere.
        """
        if len(self._all) <= _FEW:
            return self._all.copy()
        self._sort()
        caught = self._plain.caught(readable)
        if _WIDE.search(data):
            caught |= self._plain.caught(narrow)
        for text in (data, narrow):
            caught |= self._odd.caught(text)
        return [self._all[number] for number in sorted(caught)]

    def _sort(self) -> None:
        for number in range(self._sorted, len(self._all)):
            spelling = self._all[number]
            anchors = [anchor for lead in spelling.anchors.values() for anchor in lead]
            if anchors:
                self._whole.add(number, anchors)
            else:
                self._always.append(number)
            for text in spelling.unescaped:
                plain = len(text) >= 8 and b"\0" not in text.translate(_READABLE)
                (self._plain if plain else self._odd).add(number, [text])
            head = spelling.head
            if head:
                self._heads.add(number, [head])
            elif head is not None:
                self._always_cut.append(number)
        self._sorted = len(self._all)


def _merged(spans: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    start, end, mask = spans[0]
    longest = end - start
    for low, high, other in spans[1:]:
        if low >= end:
            yield start, end, mask
            start, end, mask, longest = low, high, other, high - low
            continue
        if high - low > longest:
            mask, longest = other, high - low
        end = max(end, high)
    yield start, end, mask
