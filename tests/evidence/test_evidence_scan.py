"""Secrets are found wherever they are and in whatever form; what cannot be masked is left out."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import zipfile
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from PIL import Image, PngImagePlugin
from small_run import PASSWORD, png, secrets, zip_of

from smokerunner.evidence.scan import Scan, files_below, leaks, scrub
from smokerunner.model.secret import Secrets, forms

LINK = "https://acorn.test/reset/0123456789abcdef0123?next=%2F"


def put(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


@pytest.mark.parametrize("form", sorted(forms(PASSWORD)))
def test_every_form_is_masked_in_a_zip_in_a_zip(tmp_path: Path, form: str) -> None:
    inner = zip_of({"body.txt": f"before {form} after".encode(), "other.txt": b"untouched"})
    put(tmp_path, {"trace.zip": zip_of({"resources/inner.zip": inner, "trace.trace": b"{}"}, zipfile.ZIP_STORED)})
    assert leaks(tmp_path, secrets()) == ("trace.zip",)
    assert scrub(tmp_path, secrets()) == Scan(scrubbed=("trace.zip",))
    assert leaks(tmp_path, secrets()) == ()
    with zipfile.ZipFile(tmp_path / "trace.zip") as outer:
        assert outer.namelist() == ["resources/inner.zip", "trace.trace"]
        with zipfile.ZipFile(io.BytesIO(outer.read("resources/inner.zip"))) as opened:
            assert opened.read("other.txt") == b"untouched"
            assert b"***SMOKE_PASSWORD***" in opened.read("body.txt")


@pytest.mark.parametrize(
    "written",
    [
        json.dumps({"value": PASSWORD}),
        json.dumps({"body": json.dumps({"value": PASSWORD})}),
        f"password={quote_plus(PASSWORD)}&x=1",
        f"/login?password={quote(PASSWORD)}",
        *(base64.b64encode(f"{'u' * lead}:{PASSWORD}".encode()).decode() for lead in range(3)),
        base64.urlsafe_b64encode(f"me@example.test:{PASSWORD}".encode()).decode(),
    ],
)
def test_it_is_found_as_programs_write_it(tmp_path: Path, written: str) -> None:
    put(tmp_path, {"network.har": written.encode()})
    assert scrub(tmp_path, secrets()).scrubbed == ("network.har",)
    assert "***SMOKE_PASSWORD***" in (tmp_path / "network.har").read_text()
    assert leaks(tmp_path, secrets()) == ()


def test_a_json_text_is_still_json_when_it_is_masked(tmp_path: Path) -> None:
    put(tmp_path, {"a.json": json.dumps({"typed": f"x{PASSWORD}y"}).encode()})
    scrub(tmp_path, secrets())
    assert json.loads((tmp_path / "a.json").read_text()) == {"typed": "x***SMOKE_PASSWORD***y"}


def test_links_from_a_mail_are_masked_with_their_parts(tmp_path: Path) -> None:
    known = Secrets()
    known.add_one_time("link", LINK)
    put(tmp_path, {"console.jsonl": b"GET /reset/0123456789abcdef0123 200", "a.txt": b"0123456789abcdef0123"})
    assert scrub(tmp_path, known).scrubbed == ("a.txt", "console.jsonl")
    assert (tmp_path / "a.txt").read_text() == "***link***"


def test_gzip_is_opened_and_packed_again(tmp_path: Path) -> None:
    put(tmp_path, {"body.gz": gzip.compress(PASSWORD.encode()), "same.gz": gzip.compress(b"nothing")})
    before = (tmp_path / "same.gz").read_bytes()
    assert scrub(tmp_path, secrets()).scrubbed == ("body.gz",)
    assert gzip.decompress((tmp_path / "body.gz").read_bytes()) == b"***SMOKE_PASSWORD***"
    assert (tmp_path / "same.gz").read_bytes() == before


def test_a_picture_that_holds_it_in_its_bytes_is_withheld(tmp_path: Path) -> None:
    written = io.BytesIO()
    note = PngImagePlugin.PngInfo()
    note.add_text("comment", "s3cret-in-a-picture")
    Image.new("RGB", (4, 4)).save(written, "PNG", pnginfo=note)
    put(tmp_path, {"flows/a/01.png": written.getvalue(), "flows/a/02.png": png()})
    scan = scrub(tmp_path, Secrets({"PIN": "s3cret-in-a-picture"}))
    assert scan.withheld == {"flows/a/01.png": "a secret stands in its bytes and it is not text, so it was left out"}
    assert [path.name for path in tmp_path.rglob("*.png")] == ["02.png"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("utf16.txt", f"typed {PASSWORD}".encode("utf-16"), "it is not text"),
        ("a.zip", zip_of({"x.bin": b"\0" + PASSWORD.encode()}), "it is not text"),
        ("b.zip", zip_of({"password-c0ffee.txt": b""}), "the name of an entry"),
        ("c.zip", zip_of({"a": b"x" * 5000})[:-30], "cannot be unpacked"),
        ("d.gz", gzip.compress(b"x" * 5000)[:-9], "cannot be unpacked"),
        ("e.zip", b"password-c0ffee" + zip_of({"a": b"a"}), "between the entries"),
        ("password-c0ffee/f.txt", b"", "in its name"),
    ],
)
def test_what_cannot_be_masked_is_left_out(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    put(tmp_path, {name: data, "kept.txt": b"kept"})
    known = Secrets({"SMOKE_PASSWORD": PASSWORD, "NAME": "password-c0ffee"})
    scan = scrub(tmp_path, known)
    assert list(scan.withheld) == [name]
    assert reason in scan.withheld[name]
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]
    assert leaks(tmp_path, known) == ()


def test_archives_nested_too_deeply_are_left_out(tmp_path: Path) -> None:
    data = b"nothing"
    for _ in range(7):
        data = zip_of({"inner": data})
    put(tmp_path, {"deep.zip": data})
    assert "nested too deeply" in scrub(tmp_path, secrets()).withheld["deep.zip"]


def test_two_entries_of_one_name_are_both_searched(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("a", f"first {PASSWORD}")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a", "second")
    with pytest.warns(UserWarning, match="Duplicate name"):
        scrub(tmp_path, secrets())
    with zipfile.ZipFile(tmp_path / "t.zip") as archive:
        assert [archive.read(entry) for entry in archive.infolist()] == [b"first ***SMOKE_PASSWORD***", b"second"]


def test_links_never_get_into_the_evidence(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    root = put(tmp_path / "root", {"a.txt": b"a"})
    (root / "link").symlink_to(tmp_path / "secret.txt")
    assert scrub(root, secrets()).withheld == {"link": "it is a link, so it was left out"}
    assert (tmp_path / "secret.txt").exists()


def test_without_secrets_nothing_is_touched(tmp_path: Path) -> None:
    put(tmp_path, {"c.zip": b"PK\x03\x04 broken"})
    assert scrub(tmp_path, Secrets()) == Scan()
    assert leaks(tmp_path, Secrets()) == ()


def test_a_short_secret_is_not_searched_for_in_everything(tmp_path: Path) -> None:
    put(tmp_path, {"a.txt": b"pin 1234 is ordinary text"})
    assert scrub(tmp_path, Secrets({"PIN": "1234"}, frozenset({"PIN"}))) == Scan()


def test_the_proof_opens_only_what_was_not_seen_to_be_clean(tmp_path: Path) -> None:
    put(tmp_path, {"same.txt": b"nothing", "later.txt": b"nothing", "masked.txt": PASSWORD.encode()})
    scan = scrub(tmp_path, secrets())
    assert sorted(scan.clean) == ["later.txt", "same.txt"]
    # Of the same length, and with the time it had before: what the system knows of the file still gives it away.
    before = (tmp_path / "later.txt").stat()
    long = (PASSWORD * 2).encode()
    put(tmp_path, {"later.txt": long, "new.txt": long})
    os.utime(tmp_path / "later.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert leaks(tmp_path, secrets(), scan.clean) == ("later.txt", "new.txt")
    assert leaks(tmp_path, secrets()) == ("later.txt", "new.txt")


def test_every_file_is_listed_in_order_hidden_ones_and_links_too(tmp_path: Path) -> None:
    put(tmp_path / "root", {"b.txt": b"", "a/z.txt": b"", "a/.hidden": b"", "a.txt": b"", "a/b/c.txt": b""})
    (tmp_path / "root/a/folder").symlink_to(tmp_path)
    assert files_below(tmp_path / "root") == ["a.txt", "a/.hidden", "a/b/c.txt", "a/folder", "a/z.txt", "b.txt"]
    assert files_below(tmp_path / "nowhere") == []
