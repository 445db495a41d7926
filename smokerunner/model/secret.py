"""Masking, decided in one place: which values must not be seen, in all the forms they take."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

SHORTEST = 8
"""Shorter values occur by chance; they are masked by field only."""
_TOKEN = 16
"""Path segments and query values of a one-time link from this length on are secrets of their own."""


def mask_of(name: str) -> str:
    """What stands in a secret's place."""
    return f"***{name}***"


def forms(value: str) -> set[str]:
    """A value as it may be written: raw, URL-, HTML-, JSON- (once and twice) and base64-encoded.

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
    # Within a longer encoded text the value starts at one of three alignments; only whole characters count.
    for lead in range(3):
        padded = b"\0" * lead + value
        encoded = base64.b64encode(padded).decode().rstrip("=")
        first = (0, 2, 3)[lead]
        whole = len(padded) * 8 // 6
        inner = encoded[first:whole]
        if len(inner) >= SHORTEST:
            yield inner
            yield inner.replace("+", "-").replace("/", "_")


class Secrets:
    """The values of one run that must not be seen. Grows while the run goes on: one-time links, codes."""

    def __init__(self, values: dict[str, str] | None = None, weak: frozenset[str] = frozenset()) -> None:
        self._values: dict[str, str] = {}
        self._masked: dict[str, str] = {}
        self._fields: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._byte_pattern: tuple[re.Pattern[str], dict[str, str]] | None = None
        self._shortest: tuple[bytes, ...] | None = None
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
        if not weak and len(value) >= SHORTEST:
            for form in forms(value):
                self._masked.setdefault(form, mask_of(name))
            self._pattern = None
            self._byte_pattern = None
            self._shortest = None

    def value(self, name: str) -> str:
        """The value of a named secret; raises KeyError when there is none."""
        return self._values[name]

    @property
    def names(self) -> frozenset[str]:
        """The secrets that have a value."""
        return frozenset(self._values)

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches every form of every value, longest first; matches nothing when there is no secret."""
        if self._pattern is None:
            ordered = sorted(self._masked, key=len, reverse=True)
            self._pattern = re.compile("|".join(re.escape(form) for form in ordered) or r"(?!)")
        return self._pattern

    @property
    def raw(self) -> tuple[str, ...]:
        """The values themselves, for finding them on a page."""
        return tuple(self._fields)

    def scrub(self, text: str) -> str:
        """`text` with every form of every secret masked, and wholly masked if it is a secret, however short."""
        masked = self.pattern.sub(lambda found: self._masked[found[0]], text)
        return "***" if masked == text and text in self._fields else masked

    def scrub_bytes(self, data: bytes) -> bytes:
        """The same for bytes of any kind; a mask may change the length."""
        text = data.decode("latin-1")
        pattern, masked = self.byte_pattern
        return pattern.sub(lambda found: masked[found[0]], text).encode("latin-1")

    def reveals(self, text: str) -> bool:
        """Whether `text` is, or holds, a secret."""
        return text in self._fields or self.pattern.search(text) is not None

    def found_in(self, data: bytes) -> bool:
        """Whether any form of a secret stands in these bytes."""
        # Looking for each form in turn is far quicker than one pattern of many alternatives.
        return any(needle in data for needle in self._needles())

    def _needles(self) -> tuple[bytes, ...]:
        if self._shortest is None:
            shortest: list[bytes] = []
            for form in sorted(self.byte_pattern[1], key=len):
                needle = form.encode("latin-1")
                # What holds a shorter form is found by that form: a link by its token.
                if not any(known in needle for known in shortest):
                    shortest.append(needle)
            self._shortest = tuple(shortest)
        return self._shortest

    @property
    def byte_pattern(self) -> tuple[re.Pattern[str], dict[str, str]]:
        """The pattern over bytes read as Latin-1, and what replaces each form; UTF-8 and UTF-16 forms are searched."""
        if self._byte_pattern is None:
            masked = {}
            for form, mask in self._masked.items():
                for encoding in ("utf-8", "utf-16-le"):
                    masked[form.encode(encoding, "surrogatepass").decode("latin-1")] = mask
            ordered = sorted(masked, key=len, reverse=True)
            self._byte_pattern = re.compile("|".join(re.escape(form) for form in ordered) or r"(?!)"), masked
        return self._byte_pattern
