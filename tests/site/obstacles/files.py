"""Downloads: a CSV as Excel writes it, a PDF, an archive."""

from __future__ import annotations

import io
import zipfile

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.site.obstacles.pages import broken

_ORDERS = "Bestellung;Käufer;Summe\r\nA-17;Jörg Müller;12,50\r\nB-4;Zoë Ångström;8,00\r\n"


def _attached(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def _csv(request: Request) -> Response:
    # The classic: the export broke, and what is saved under its name is the error page.
    text = "<h1>Something went wrong</h1>" if broken(request) == "content" else _ORDERS
    return _attached(text.encode("utf-8-sig"), "text/csv; charset=utf-8", "orders.csv")


async def _zip(request: Request) -> Response:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", _ORDERS)
    content = b"" if broken(request) == "content" else packed.getvalue()
    return _attached(content, "application/zip", "export.zip")


async def _pdf(request: Request) -> Response:
    total = "0.00" if broken(request) == "content" else "12.50"
    return _attached(pdf(f"Invoice A-17, total {total} EUR"), "application/pdf", "invoice-A-17.pdf")


def pdf(text: str) -> bytes:
    """A PDF of one page with one line of ASCII text."""
    stream = f"BT /F1 18 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(made))
    )


ROUTES = [Route("/orders.csv", _csv), Route("/export.zip", _zip), Route("/invoice.pdf", _pdf)]
