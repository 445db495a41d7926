"""A finder of its own for secrets in any bytes: it unpacks and decodes whatever it knows and shares no code with ours.

It does not look for spellings of a secret, as smokerunner does; it undoes escapes until the secret itself stands there.
"""

from __future__ import annotations

import base64
import html
import importlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import unquote, unquote_plus

_SHORT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{10,}")


def _unescaped(text: str) -> str:
    def sign(found: re.Match[str]) -> str:
        code = found[1] or found[2] or found[3]
        return chr(int(code, 16)) if code else _SHORT.get(found[4], found[4])

    shown = _ESCAPE.sub(sign, text)
    return shown.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_DECODERS: tuple[Callable[[str], str], ...] = (unquote, unquote_plus, html.unescape, _unescaped)


def _views(text: str, depth: int) -> Iterator[str]:
    """The text with every order of up to `depth` decoders undone."""
    seen = {text}
    level = [text]
    yield text
    for _ in range(depth):
        level = list(dict.fromkeys(new for old in level for decode in _DECODERS if (new := decode(old)) not in seen))
        seen.update(level)
        yield from level


def _texts(data: bytes) -> Iterator[str]:
    yield data.decode("utf-8", "replace")
    if b"\0" in data or (len(data) < 1000 and not data.isascii()):
        for start in (0, 1):
            yield data[start:].decode("utf-16-le", "replace")
        yield data.decode("utf-16-be", "replace")
    if any(byte > 127 for byte in data[:200_000]):
        yield data.decode("latin-1")


def _packed(data: bytes) -> Iterator[bytes]:
    """What is packed in these bytes, in every way that is known, tried on everything."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                yield entry.filename.encode()
                yield archive.read(entry)
    for window in (47, -15):
        stream = zlib.decompressobj(window)
        try:
            inflated = stream.decompress(data)
        except zlib.error:
            continue
        if len(inflated) > 7:
            yield inflated
    for name in ("brotli", "zstandard"):
        yield from _by_module(name, data)
    if data.startswith(b"\x89PNG"):
        at = 8
        while at + 8 <= len(data):
            length, kind = struct.unpack_from(">I4s", data, at)
            if kind != b"IDAT":
                yield from (piece for piece in _zlib_anywhere(data[at + 8 : at + 8 + length]))
            at += 12 + length
    if b"%PDF" in data[:99]:
        yield from _zlib_anywhere(data)


def _by_module(name: str, data: bytes) -> Iterator[bytes]:
    try:
        module = importlib.import_module(name)
    except ImportError:
        return
    # Neither says what it cannot read by an error of one common kind.
    wrong: type[Exception] = module.error if name == "brotli" else module.ZstdError
    try:
        yield module.decompress(data)
    except wrong:
        return


def _zlib_anywhere(data: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        try:
            yield zlib.decompressobj().decompress(data[found.start() :])
        except zlib.error:
            continue


def _base64(data: bytes) -> Iterator[bytes]:
    plain = data.replace(b"\\/", b"/").replace(b"%2B", b"+").replace(b"%2F", b"/")
    for run in set(_BASE64.findall(plain)):
        signs = run.replace(b"-", b"+").replace(b"_", b"/")
        for lead in range(4):
            piece = signs[lead:]
            piece = piece[:-1] if len(piece) % 4 == 1 else piece
            yield base64.b64decode(piece + b"=" * (-len(piece) % 4))


def flat(text: str) -> str:
    """Blanks in a row as one."""
    return " ".join(text.split())


def found_in(data: bytes, parts: dict[str, set[str]], depth: int = 0) -> set[str]:
    """The names of those secrets of which one of the parts stands in the data, in whatever form."""
    found: set[str] = set()
    for text in _texts(data):
        for view in _views(text, 3 if len(data) < 50_000 else 2):
            one = flat(view)
            found |= {name for name, pieces in parts.items() if name not in found and any(p in one for p in pieces)}
    if depth < 5:
        for inner in _packed(data):
            found |= found_in(inner, {n: p for n, p in parts.items() if n not in found}, depth + 1)
    if depth < 3:
        # What base64 hides is short; together it is looked through much faster than one by one.
        small = []
        for inner in _base64(data):
            if inner[:2] in (b"\x1f\x8b", b"PK", b"\x89P", b"%P") or inner[:1] == b"\x78":
                found |= found_in(inner, parts, depth + 1)
            small.append(inner)
        if small:
            text = b"\n".join(small).decode("utf-8", "replace")
            for view in _views(text, 1):
                one = flat(view)
                found |= {name for name, pieces in parts.items() if any(p in one for p in pieces)}
    return found
