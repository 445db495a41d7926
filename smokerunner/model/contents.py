"""The text of a file that was downloaded: plain text by its encoding, PDF by its pages, Office files by their XML."""

from __future__ import annotations

import codecs
import html
import io
import re
import zipfile
from functools import lru_cache

from smokerunner.model.errors import Failure, Unavailable

LARGEST = 50_000_000
"""Bytes that the texts of an Office file may unpack to."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""UTF-32 before UTF-16, whose mark begins it."""
_OFFICE = re.compile(
    r"word/(document|header\d*|footer\d*|footnotes)\.xml|xl/(sharedStrings|worksheets/[^/]+)\.xml"
    r"|ppt/slides/[^/]+\.xml|content\.xml"
)
"""The members of docx, xlsx, pptx and of OpenDocument files that hold what a person reads."""
_SHARED = re.compile(r'<c\b(?=[^>]*\bt="s")[^>]*>.*?</c>', re.DOTALL)
"""A cell that only holds the number of its text, which stands in another member."""
_ENDS = re.compile(
    r"</(?:w:p|w:tc|a:p|si|c|row|text:p|text:h|table:table-cell)>|<(?:w:br|w:tab|text:tab|text:s)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")


@lru_cache(maxsize=4)
def text_of(name: str, content: bytes) -> str:
    """What can be read in a file. Raises Failure when it is damaged, Unavailable when a package is missing."""
    if is_pdf(content):
        return _pdf(name, content)
    if content.startswith(b"PK\x03\x04"):
        office = _office(name, content)
        if office is not None:
            return office
    return _decoded(content)


def is_pdf(content: bytes) -> bool:
    """Whether this is a PDF, whatever it is called."""
    return content.startswith(b"%PDF-")


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    # Half of the bytes of a Western text in UTF-16 are zero.
    head = content[:2000]
    if head[1::2].count(0) > len(head) // 4:
        return content.decode("utf-16-le", "replace")
    if head[0::2].count(0) > len(head) // 4:
        return content.decode("utf-16-be", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _pdf(name: str, content: bytes) -> str:
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise Unavailable(
            f"{name} is a PDF, and to read it needs one more package: pip install 'smokerunner[pdf]'"
        ) from error
    try:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    except PyPdfError as error:
        raise Failure(f"{name} begins like a PDF and cannot be read: {error}") from error


def _office(name: str, content: bytes) -> str | None:
    """The texts of an Office file; None for any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [entry for entry in archive.infolist() if _OFFICE.fullmatch(entry.filename)]
            if not members:
                return None
            if sum(entry.file_size for entry in members) > LARGEST:
                raise Unavailable(f"{name} unpacks to more than {LARGEST // 1_000_000} MB, so its text was not read")
            return "\n".join(_plain(archive.read(entry).decode("utf-8", "replace")) for entry in members)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise Failure(f"{name} begins like an archive and cannot be unpacked: {error}") from error


def _plain(markup: str) -> str:
    lined = _ENDS.sub("\n", _SHARED.sub("", markup))
    text = html.unescape(_TAG.sub("", lined))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
