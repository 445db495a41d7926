"""What is packed inside bytes that are no archive: compressed bodies, texts in pictures, streams in documents."""

from __future__ import annotations

import base64
import gzip
import importlib
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from types import ModuleType

LARGEST = 1 << 30
"""Bytes; what unpacks to more is taken for a bomb."""

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
)
"""What reading an archive may raise: RuntimeError is a password, NotImplementedError an unknown compression."""

GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_PNG = b"\x89PNG\r\n\x1a\n"
_KNOWN = (_PNG, b"\xff\xd8\xff", b"GIF8", b"RIFF", b"wOF", b"\0\x01\0\0", b"OTTO", b"SQLite format 3\0", b"PK")
"""Formats that are not a bare compressed stream: pictures, fonts, databases, archives."""
_EMBEDDED = re.compile(rb"(?:H4sI|UEsD|eJ[w-z]|eNo|eAE|eAF|iVBORw0|JVBERi|KLUv)(?:[A-Za-z0-9+/_-]|\\/|%2[BbFf]){12,}")
"""Base64 that begins as gzip, zip, zlib, PNG, PDF or Zstandard does."""


class Unsearchable(Exception):
    """What cannot be searched: broken, locked, packed too deep or too large, or in a way that is not known here."""


def unpacked(data: bytes) -> Iterator[bytes]:
    """All that these bytes hold packed, one level deep. Raises Unsearchable."""
    if data.startswith(GZIP):
        yield gunzipped(data)
    elif data.startswith(_ZSTD):
        yield _unzstd(data)
    elif data.startswith(_PNG):
        yield from _chunks(data)
    elif b"%PDF-" in data[:1024]:
        yield from _streams(data)
    elif not data.startswith(_KNOWN) and not _is_text(data):
        yield from _bare(data)


def gunzipped(data: bytes) -> bytes:
    """What a gzip file holds. Raises Unsearchable."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            content = stream.read(LARGEST + 1)
    except DAMAGED as error:
        raise Unsearchable(f"it cannot be unpacked ({error})") from error
    if len(content) > LARGEST:
        raise Unsearchable("it unpacks to too much")
    return content


def embedded(text: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Files that stand as base64 in a text: where, and their bytes; compressed ones as far as they can be read."""
    for found in _EMBEDDED.finditer(text):
        plain = found[0].replace(b"\\/", b"/").replace(b"-", b"+").replace(b"_", b"/")
        plain = re.sub(rb"%2[Bb]", b"+", re.sub(rb"%2[Ff]", b"/", plain))
        data = base64.b64decode(plain[: len(plain) // 4 * 4])
        start, end = found.span()
        partly = _inflated(data, 47)
        yield start, end, data if partly is None else partly[0]


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


def _inflated(data: bytes | memoryview, window: int) -> tuple[bytes, bool] | None:
    """What a deflate stream holds, and whether it ended where the bytes end; None when it is none."""
    stream = zlib.decompressobj(window)
    try:
        content = stream.decompress(data, LARGEST + 1)
    except zlib.error:
        return None
    if len(content) > LARGEST:
        raise Unsearchable("it unpacks to too much")
    return content, stream.eof and not stream.unused_data


def _bare(data: bytes) -> Iterator[bytes]:
    """Bodies as `Content-Encoding: deflate` and `br` send them; nothing in them says what they are."""
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        inflated = _inflated(data, window)
        if inflated is not None and inflated[1]:
            yield inflated[0]
    brotli = _module("brotli")
    if brotli is not None:
        try:
            content: bytes = brotli.decompress(data)
        except brotli.error:
            return
        yield content


def _unzstd(data: bytes) -> bytes:
    zstandard = _module("zstandard")
    if zstandard is None:
        raise Unsearchable("it is packed with Zstandard, which cannot be opened here")
    try:
        content: bytes = zstandard.ZstdDecompressor().decompressobj().decompress(data)
    except zstandard.ZstdError as error:
        raise Unsearchable(f"it cannot be unpacked ({error})") from error
    return content


def _chunks(data: bytes) -> Iterator[bytes]:
    """The compressed texts and profiles of a PNG picture."""
    at = len(_PNG)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        at += 12 + length
        if kind in (b"zTXt", b"iCCP", b"iTXt"):
            # A name, a zero and up to four more fields: the compressed part begins at one of the next zeros.
            for found in re.finditer(rb"\0", body):
                inflated = _inflated(body[found.end() + (kind != b"iTXt") :], zlib.MAX_WBITS)
                if inflated is not None:
                    yield inflated[0]


def _streams(data: bytes) -> Iterator[bytes]:
    """The compressed streams of a PDF document."""
    view = memoryview(data)
    for found in re.finditer(rb"stream\r?\n", data):
        inflated = _inflated(view[found.end() :], zlib.MAX_WBITS)
        if inflated is not None:
            yield inflated[0]


def _module(name: str) -> ModuleType | None:
    """A decompressor that may be installed here; nothing of ours needs it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
