"""What is inside a file: whether it is text, and how secrets are found in it and taken out, archives included."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from copy import copy

from smokerunner.model.secret import Secrets

DEEPEST = 5
"""Archives inside archives are opened this deep."""
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

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_GZIP = b"\x1f\x8b\x08"


class Unsearchable(Exception):
    """An archive that cannot be searched: broken, locked, too deep or too large."""


class Held(Exception):
    """A secret stands where it cannot be masked without breaking the file."""


def is_text(data: bytes) -> bool:
    """Whether these bytes are UTF-8 text, in which a mask may stand without breaking anything."""
    if b"\0" in data:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def holds(data: bytes, secrets: Secrets, depth: int = 0) -> bool:
    """Whether a secret stands in the bytes or in what they unpack to. Raises Unsearchable."""
    if secrets.found_in(data):
        return True
    if is_zip(data):
        with _opened(data, depth) as archive:
            return any(
                secrets.found_in(_names(entry)) or holds(_content(archive, entry), secrets, depth + 1)
                for entry in archive.infolist()
            )
    return data.startswith(_GZIP) and holds(_gunzipped(data, depth), secrets, depth + 1)


def masked(data: bytes, secrets: Secrets, depth: int = 0) -> bytes:
    """The same content with every secret masked; the same object if there was none. Raises Held or Unsearchable."""
    if is_zip(data):
        return _masked_zip(data, secrets, depth)
    if data.startswith(_GZIP):
        inner = _gunzipped(data, depth)
        clean = masked(inner, secrets, depth + 1)
        if clean is not inner:
            data = gzip.compress(clean, mtime=0)
        if secrets.found_in(data):
            raise Held("a secret stands around the content of the archive")
        return data
    if not secrets.found_in(data):
        return data
    if is_text(data):
        return secrets.scrub_bytes(data)
    raise Held("a secret stands in its bytes and it is not text")


def is_zip(data: bytes) -> bool:
    """Whether these bytes are a zip archive, something before its first entry allowed."""
    return data.startswith((_ZIP, _EMPTY_ZIP)) or zipfile.is_zipfile(io.BytesIO(data))


def _masked_zip(data: bytes, secrets: Secrets, depth: int) -> bytes:
    changed: dict[int, bytes] = {}
    with _opened(data, depth) as archive:
        for entry in archive.infolist():
            if secrets.found_in(_names(entry)):
                raise Held("a secret stands in the name of an entry")
            content = _content(archive, entry)
            clean = masked(content, secrets, depth + 1)
            if clean is not content:
                changed[entry.header_offset] = clean
        if changed or secrets.found_in(archive.comment):
            data = _rewritten(archive, changed, secrets)
    if secrets.found_in(data):
        raise Held("a secret stands between the entries of the archive")
    return data


def _rewritten(archive: zipfile.ZipFile, changed: dict[int, bytes], secrets: Secrets) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as clean:
        for entry in archive.infolist():
            content = changed.get(entry.header_offset)
            # Writing an entry changes where its record says it begins, so a copy is written.
            clean.writestr(copy(entry), _content(archive, entry) if content is None else content)
        clean.comment = secrets.scrub_bytes(archive.comment)
    return written.getvalue()


def _names(entry: zipfile.ZipInfo) -> bytes:
    return entry.filename.encode("utf-8", "surrogateescape") + b"\0" + entry.comment + b"\0" + entry.extra


def _opened(data: bytes, depth: int) -> zipfile.ZipFile:
    if depth >= DEEPEST:
        raise Unsearchable("archives are nested too deeply in it")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED as error:
        raise Unsearchable(f"it cannot be unpacked ({error})") from error
    if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
        raise Unsearchable("it unpacks to too much")
    return archive


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(entry)
    except DAMAGED as error:
        raise Unsearchable(f"it cannot be unpacked ({error})") from error


def _gunzipped(data: bytes, depth: int) -> bytes:
    if depth >= DEEPEST:
        raise Unsearchable("archives are nested too deeply in it")
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            content = stream.read(LARGEST + 1)
    except DAMAGED as error:
        raise Unsearchable(f"it cannot be unpacked ({error})") from error
    if len(content) > LARGEST:
        raise Unsearchable("it unpacks to too much")
    return content
