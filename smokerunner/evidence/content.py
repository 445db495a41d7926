"""What is inside a file: whether it is text, and how secrets are found in it and taken out, archives included."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from copy import copy

from smokerunner.evidence.packing import DAMAGED, GZIP, LARGEST, Unsearchable, embedded, gunzipped, unpacked
from smokerunner.model.secret import Secrets

DEEPEST = 5
"""Archives inside archives are opened this deep."""

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


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
    if any(holds(inner, secrets, _deeper(depth)) for inner in unpacked(data)):
        return True
    return is_text(data) and any(True for _ in _embedded(data, secrets, depth))


def masked(data: bytes, secrets: Secrets, depth: int = 0) -> bytes:
    """The same content with every secret masked; the same object if there was none. Raises Held or Unsearchable."""
    if is_zip(data):
        return _masked_zip(data, secrets, depth)
    if data.startswith(GZIP):
        inner = gunzipped(data)
        clean = masked(inner, secrets, _deeper(depth))
        if clean is not inner:
            data = gzip.compress(clean, mtime=0)
        if secrets.found_in(data):
            raise Held("a secret stands around the content of the archive")
        return data
    if is_text(data):
        for start, end in reversed(list(_embedded(data, secrets, depth))):
            data = data[:start] + b"***" + data[end:]
        return secrets.scrub_bytes(data)
    if secrets.found_in(data):
        raise Held("a secret stands in its bytes and it is not text")
    if any(holds(inner, secrets, _deeper(depth)) for inner in unpacked(data)):
        raise Held("a secret is packed inside it")
    return data


def _embedded(text: bytes, secrets: Secrets, depth: int) -> Iterator[tuple[int, int]]:
    """Where base64 of a file stands that holds a secret."""
    for start, end, inner in embedded(text):
        try:
            if holds(inner, secrets, _deeper(depth)):
                yield start, end
        except Unsearchable:
            # Nobody else can open it either, or it only looked like a file.
            continue


def _deeper(depth: int) -> int:
    if depth >= DEEPEST:
        raise Unsearchable("archives are nested too deeply in it")
    return depth + 1


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
    _deeper(depth)
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
