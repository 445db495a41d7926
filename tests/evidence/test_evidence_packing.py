"""Secrets that are packed inside a file are found, and what cannot be cleaned is left out."""

from __future__ import annotations

import base64
import gzip
import json
import os
import struct
import zlib
from pathlib import Path

import pytest
from small_run import png, zip_of

from smokerunner.evidence.packing import LARGEST, Unsearchable, embedded, gunzipped, unpacked
from smokerunner.evidence.scan import leaks, scrub
from smokerunner.model.secret import Secrets

VALUE = "pä\"ss'w<rd>&/+ %1"
DATA = VALUE.encode()


def secrets() -> Secrets:
    return Secrets({"PASSWORD": VALUE})


def with_chunk(kind: bytes, body: bytes) -> bytes:
    whole = png()
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return whole[:33] + chunk + whole[33:]


def raw_deflate(data: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-15)
    return packing.compress(data) + packing.flush()


PACKED = {
    "text.png": with_chunk(b"tEXt", b"note\0" + VALUE.encode("latin-1")),
    "compressed.png": with_chunk(b"zTXt", b"note\0\0" + zlib.compress(DATA)),
    "international.png": with_chunk(b"iTXt", b"note\0\1\0de\0Notiz\0" + zlib.compress(DATA)),
    "behind.png": png() + DATA,
    "paper.pdf": b"%PDF-1.4\n1 0 obj\nstream\r\n" + zlib.compress(b"BT (" + DATA + b") Tj") + b"\nendstream",
    "body.deflate": zlib.compress(DATA),
    "body.raw": raw_deflate(b'{"typed": "' + DATA + b'"}' * 9),
    "comment.jpg": b"\xff\xd8\xff\xfe\0\x20" + DATA + b"\xff\xd9",
    "exif.webp": b"RIFF\0\0\0\0WEBPEXIFUNICODE\0" + VALUE.encode("utf-16-be"),
    "wide.txt": VALUE.encode("utf-16"),
    "rows.sqlite": b"SQLite format 3\0" + bytes(99) + json.dumps({"p": VALUE}).encode() + bytes(9),
    "picture.zip": zip_of({"a.png": with_chunk(b"zTXt", b"note\0\0" + zlib.compress(DATA))}),
}


@pytest.mark.parametrize("name", PACKED)
def test_what_is_packed_in_a_file_is_found_and_the_file_left_out(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PACKED[name])
    (tmp_path / "kept.png").write_bytes(png())
    assert leaks(tmp_path, secrets()) == (name,)
    scan = scrub(tmp_path, secrets())
    assert list(scan.withheld) == [name]
    assert "so it was left out" in scan.withheld[name]
    assert leaks(tmp_path, secrets()) == ()
    assert [path.name for path in tmp_path.iterdir()] == ["kept.png"]


def test_brotli_and_zstandard_are_opened_where_they_can_be(tmp_path: Path) -> None:
    brotli, zstandard = pytest.importorskip("brotli"), pytest.importorskip("zstandard")
    text = DATA + os.urandom(50).hex().encode() * 3
    (tmp_path / "a.br").write_bytes(brotli.compress(text))
    (tmp_path / "b.zst").write_bytes(zstandard.ZstdCompressor().compress(text))
    (tmp_path / "c.zst").write_bytes(zstandard.ZstdCompressor().compress(b"nothing"))
    assert list(scrub(tmp_path, secrets()).withheld) == ["a.br", "b.zst"]


def test_base64_of_a_packed_body_is_masked_within_its_text(tmp_path: Path) -> None:
    bodies = [
        gzip.compress(DATA),
        zlib.compress(DATA),
        PACKED["compressed.png"],
        zip_of({"a": DATA}),
        PACKED["paper.pdf"],
    ]
    har = {"bodies": [base64.b64encode(body).decode() for body in bodies], "kept": base64.b64encode(png()).decode()}
    (tmp_path / "network.har").write_text(json.dumps(har))
    assert leaks(tmp_path, secrets()) == ("network.har",)
    assert scrub(tmp_path, secrets()).scrubbed == ("network.har",)
    clean = json.loads((tmp_path / "network.har").read_text())
    assert clean["kept"] == har["kept"]
    assert [body.strip("=") for body in clean["bodies"]] == ["***"] * len(bodies)
    assert leaks(tmp_path, secrets()) == ()


def test_what_only_looks_packed_is_left_alone(tmp_path: Path) -> None:
    files = {
        "a.bin": b"\x78\x9c" + os.urandom(200),
        "b.bin": os.urandom(300),
        "c.har": b'{"token": "H4sIAAAAAAAAbroken-and-not-gzip", "zip": "UEsDBAoAAAAAAbrokenbroken"}',
        "d.png": png()[:40],
        "e.pdf": b"%PDF-1.4 stream\n\xff\xfe",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    assert scrub(tmp_path, secrets()).withheld == {}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_half_a_gzip_body_is_read_as_far_as_it_goes() -> None:
    text = b'"' + base64.b64encode(gzip.compress(DATA * 50 + os.urandom(3000)))[:900] + b'"'
    ((_, _, content),) = embedded(text)
    assert DATA in content


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(1 << 20) * 64)
    assert len(gunzipped(bomb)) == 64 << 20 < LARGEST
    with pytest.raises(Unsearchable, match="cannot be unpacked"):
        list(unpacked(b"\x1f\x8b\x08" + bytes(20)))
