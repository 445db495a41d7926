"""What stands in a downloaded file: its size and sum, and its text by encoding, in PDFs and in Office files."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from smokerunner.model.contents import LARGEST, text_of
from smokerunner.model.errors import Failure, Unavailable
from smokerunner.model.observing import differences
from smokerunner.model.wanted import Download
from smokerunner.replay import receiving
from tests.conftest import Smoke
from tests.serving import serving


def pdf(*pages: str) -> bytes:
    """A PDF of pages with a line each; a page without one is blank."""
    writer = PdfWriter()
    for words in pages:
        page = writer.add_blank_page(width=595, height=842)
        if words:
            font = DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Font"),
                    NameObject("/Subtype"): NameObject("/Type1"),
                    NameObject("/BaseFont"): NameObject("/Helvetica"),
                }
            )
            fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
            page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
            stream = DecodedStreamObject()
            stream.set_data(f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode("latin-1"))
            page[NameObject("/Contents")] = writer._add_object(stream)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def office(**members: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return written.getvalue()


DOCX = office(
    word__document_xml="<w:p><w:r><w:t>Invoice A-</w:t></w:r><w:r><w:t>17</w:t></w:r></w:p>"
    "<w:p><w:t>R&amp;D</w:t></w:p>",
    docProps__core_xml="<x>hidden author</x>",
)
XLSX = office(
    xl__sharedStrings_xml="<si><t>Acorn cup</t></si><si><r><t>Oak </t></r><r><t>leaf</t></r></si>",
    xl__worksheets__sheet1_xml='<row><c r="A1" t="s"><v>0</v></c><c r="B1"><v>12.5</v></c></row>',
)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"plain", "plain"),
        ("Größe;1".encode(), "Größe;1"),
        ("Größe;1".encode("utf-8-sig"), "Größe;1"),
        ("Größe;1".encode("utf-16"), "Größe;1"),
        (b"\xfe\xff" + "Größe;1".encode("utf-16-be"), "Größe;1"),
        ("Größe;1".encode("utf-16-le"), "Größe;1"),
        ("Größe;1".encode("utf-16-be"), "Größe;1"),
        ("Größe;1".encode("utf-32"), "Größe;1"),
        ("Größe; 5 €".encode("cp1252"), "Größe; 5 €"),
        (b"", ""),
        (DOCX, "Invoice A-17\nR&D"),
        (XLSX, "Acorn cup\nOak leaf\n12.5"),
        (pdf("Invoice A-17", "Total 12.50"), "Invoice A-17\nTotal 12.50"),
        (pdf(""), ""),
    ],
)
def test_text_is_read_as_a_person_would(content: bytes, text: str) -> None:
    assert text_of("file", content) == text


def test_another_archive_is_no_text_and_no_error() -> None:
    archive = office(readme="hello")
    assert "PK" in text_of("x.zip", archive)


@pytest.mark.parametrize("content", [b"%PDF-1.7\nbroken", b"PK\x03\x04 broken"])
def test_a_damaged_file_is_the_apps_fault(content: bytes) -> None:
    with pytest.raises(Failure, match=r"^a\.bin begins like a.* and cannot be "):
        text_of("a.bin", content)


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(Unavailable, match="unpacks to more than 50 MB"):
        text_of("bomb.docx", office(word__document_xml="x" * (LARGEST + 1)))


@pytest.mark.parametrize(
    ("wanted", "wrong"),
    [
        ({"at_most": 5}, []),
        ({"at_most": 4}, ["a.txt has 5 bytes, not at most 4"]),
        ({"sha256": hashlib.sha256(b"hello").hexdigest()}, []),
        (
            {"sha256": "0" * 64},
            [f"a.txt has the SHA-256 sum {hashlib.sha256(b'hello').hexdigest()}, not {'0' * 64}"],
        ),
        ({"contains": {"matches": "^hel+o$"}, "at_least": 5, "name": "A."}, []),
    ],
)
def test_what_differs_is_said(wanted: dict[str, object], wrong: list[str]) -> None:
    assert differences(Download.model_validate(wanted), "a.txt", b"hello") == wrong


def test_a_pdf_of_pictures_says_so() -> None:
    wanted = Download.model_validate({"contains": "Invoice"})
    assert differences(wanted, "a.pdf", pdf("")) == [
        'a.pdf does not contain "Invoice"; there is no text in it, only pictures perhaps'
    ]


def test_without_the_extra_the_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf("x"))
    # A process of its own, in which the package is not there.
    code = """
        import sys
        sys.modules["pypdf"] = None
        from smokerunner.model.contents import text_of
        from smokerunner.model.errors import Unavailable
        try:
            text_of("a.pdf", open("a.pdf", "rb").read())
        except Unavailable as wrong:
            print(wrong)
    """
    ran = subprocess.run([sys.executable, "-c", dedent(code)], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert ran.stdout == "a.pdf is a PDF, and to read it needs one more package: pip install 'smokerunner[pdf]'\n"


def test_nothing_heavy_is_loaded_before_a_pdf_comes() -> None:
    code = "import sys, smokerunner.steps; print('pypdf' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


FILES: dict[str, bytes] = {
    "invoice.pdf": pdf("Invoice A-17 for s3cr3t-t0k3n"),
    "orders.csv": "Größe;Preis\r\n1;12,50\r\n".encode("utf-16"),
    "token.txt": b"your token is s3cr3t-t0k3n",
    "sheet.xlsx": XLSX,
    "large.bin": b"\1" * (receiving.LARGEST + 1),
}


async def _page(_: Request) -> Response:
    links = "".join(f"<li><a href='/files/{name}'>{name}</a>" for name in FILES)
    return HTMLResponse(f"<!doctype html><title>Files</title><h1>Files</h1><ul>{links}</ul>")


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    return Response(FILES[name], headers={"Content-Disposition": f'attachment; filename="{name}"'})


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(Starlette(routes=[Route("/", _page), Route("/files/{name}", _file)])) as place:
        yield f"http://{place}"


@pytest.mark.e2e
def test_files_are_read_and_kept(smoke: Smoke, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "s3cr3t-t0k3n")
    digest = hashlib.sha256(FILES["sheet.xlsx"]).hexdigest()
    (tmp_path / "files.yaml").write_text(
        dedent(f"""
        app: files
        base_url: {address}
        secrets: [TOKEN]
        flows:
          files:
            steps:
              - goto: /
              - click: {{link: invoice.pdf}}
                download: {{name: {{is: invoice.pdf}}, contains: Invoice A-17, at_most: 5000}}
              - click: {{link: orders.csv}}
                download: {{contains: "Größe;Preis"}}
              - click: {{link: token.txt}}
                download: {{contains: token}}
              - click: {{link: sheet.xlsx}}
                download: {{contains: Oak leaf, sha256: {digest}}}
              - click: {{link: large.bin}}
                download: true
        """)
    )
    ran = smoke("run", "files.yaml", "--no-history", "--quiet", "--trace", "off")
    steps = ran.run.flows[0].steps
    assert [step.outcome for step in steps if step.outcome.is_bad] == [], [step.message for step in steps]
    kept = [item for step in steps for item in step.artifacts if item.kind == "download"]
    assert [item.title for item in kept] == list(FILES)
    # A secret in a PDF cannot be masked, so that file is left out, and the flow says so.
    invoice, orders, token, sheet, large = kept
    assert invoice.withheld is not None
    assert not (ran.bundle / invoice.path).exists()
    assert orders.path == "flows/files/03-download-orders.csv"
    assert (ran.bundle / orders.path).read_bytes() == FILES["orders.csv"]
    assert (ran.bundle / token.path).read_bytes() == b"your token is ***TOKEN***"
    assert (ran.bundle / sheet.path).read_bytes() == FILES["sheet.xlsx"]
    assert large.withheld == "it has 20 MB; files up to 20 MB are kept"
    assert not (ran.bundle / large.path).exists()
    page = (ran.bundle / "report.html").read_text()
    assert '<a href="./flows/files/03-download-orders.csv" download>Downloaded orders.csv</a>' in page
    assert "withheld: it has 20 MB" in page


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        ("Rechnung Größe 5€.PDF", "Rechnung-Gr-e-5-.PDF"),
        ("....", "file"),
        ("x" * 300 + ".csv", "x" * 60 + ".csv"),
        ("noending", "noending"),
        (".htaccess", "htaccess"),
        ("", "file"),
    ],
)
def test_any_name_becomes_a_safe_one(name: str, safe: str) -> None:
    assert receiving.safe_name(name) == safe
