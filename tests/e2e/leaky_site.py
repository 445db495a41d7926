"""An app that tells secrets in every place it can: pages, scripts, headers, bodies of all kinds, pictures, files."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import re
import struct
import threading
import zipfile
import zlib
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import quote, quote_plus, urlsplit

SECRETS: dict[str, str] = {
    "PLAIN": "plain7secret7value",
    "QUOTES": 'dbl"quote\'sgl`back"Q7',
    "UMLAUTS": "Zwölf-Boxkämpfer-jagen-äöüß",
    "SIGNS": "x+/=y&<z>#w?;:@!$*()~Q1",
    "BLANKS": "four words and Blanks9  twice",
    "LONG": "L0ng" + "-and-longer-4711" * 14,
    "LINES": "-----BEGIN ODD KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END ODD KEY-----",
    "JSON": '{"user": "bob", "pin": [4711, 815], "t": null}',
    "PERCENT": "100%25 sure%2Fnever%zz",
    "BACKSLASH": "C:\\new\\table\\u0041\\x",
    "BASE64": "c2VjcmV0K3NlY3JldC9zZWNyZXQ9PQ==",
    "JWT": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0NzExIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "HEX": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "URL": "https://shop.example/reset?token=qV8mZ2&again=nB4xK9#end",
    "MAIL": "someone+tag@mail-secret.example",
    "EMOJI": "p\U0001f511ss\U0001f92bw\U0001f510rd99",
    "CYRILLIC": "Пароль-секретный-42",
    "CHINESE": "密码非常保密请勿泄露",
    "MARKUP": "<b onclick='x(\"1\")'>bold&amp;</b>",
    "TEMPLATE": "${not.a.variable}-$$-{{x}}",
    "REGEX": "^a.*[b-d]{2,}\\d+(e|f)$",
    "SQL": "'; DROP TABLE users; --9",
    "YAML": "- key: &anchor *alias | > 'q'",
    "COOKIE": 'a=b; Path=/; c,d"e"',
    "TABS": "tab\tseparated\tvalue88",
    "EIGHT": "Ab3$Xy9!",
    "DIGITS": "4929123412341234",
    "DASHES": "sk-live-51H8xYz_Abc-Def--Ghi",
    "SLASHES": "a//b/../c/./d\\\\e?f",
    "NBSP": "non\u00a0breaking\u00a0space-7",
}


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def picture(values: Mapping[str, str]) -> bytes:
    """A PNG of one pixel with every secret in a text chunk of each kind."""
    chunks = [_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))]
    for number, value in enumerate(values.values()):
        data = value.encode()
        kinds = (
            (b"tEXt", b"note\0" + data),
            (b"zTXt", b"note\0\0" + zlib.compress(data)),
            (b"iTXt", b"note\0\1\0de\0Notiz\0" + zlib.compress(data)),
        )
        chunks.append(_chunk(*kinds[number % 3]))
    chunks += [_chunk(b"IDAT", zlib.compress(b"\0\0")), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def document(values: Mapping[str, str]) -> bytes:
    """A PDF whose compressed stream holds them all."""
    stream = zlib.compress("\n".join(values.values()).encode())
    return b"%PDF-1.4\n1 0 obj\n<</Filter /FlateDecode>>\nstream\n" + stream + b"\nendstream\nendobj\n%%EOF\n"


def archive(values: Mapping[str, str]) -> bytes:
    """A zip in a zip."""
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("all.txt", "\n".join(values.values()))
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("inner.zip", inner.getvalue())
    return outer.getvalue()


def _lower(text: str) -> str:
    """Escapes in lower case."""
    return re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), text)


def _entities(text: str, style: str) -> str:
    return "".join(style.format(ord(sign)) for sign in text)


def _page(*parts: str) -> bytes:
    return ("<!doctype html><meta charset=utf-8><title>Page</title><h1>Page</h1>" + "".join(parts)).encode()


_SPILLING = """<script>
    const all = SECRETS;
    const send = (path, more) => fetch(path, {method: 'POST', ...more}).catch(() => 0);
    const packed = async (value, kind) => await new Response(
        new Blob([value]).stream().pipeThrough(new CompressionStream(kind))).arrayBuffer();
    const bytes = value => Array.from(new TextEncoder().encode(value), byte => String.fromCharCode(byte)).join('');
    (async () => {
        const values = Object.values(all), text = JSON.stringify(all);
        for (const [name, value] of Object.entries(all)) {
            console.log('it is ' + value);
            document.cookie = name + '=' + encodeURIComponent(value);
            localStorage[name] = value;
        }
        console.error('all of it: ' + text);
        await send('/taken', {body: text, headers: {'Content-Type': 'application/json'}});
        await send('/taken', {body: new URLSearchParams(all)});
        const form = new FormData();
        for (const [name, value] of Object.entries(all)) form.append(name, value);
        await send('/taken', {body: form});
        for (const value of values) {
            await send('/taken?a=' + encodeURIComponent(value) + '&' + new URLSearchParams({b: value}), {headers: {
                'X-Encoded': encodeURIComponent(value), 'X-Base64': btoa(bytes(value)),
                Authorization: 'Basic ' + btoa('me:' + bytes(value))}});
        }
        for (const lead of ['', 'x', 'xx']) await send('/taken', {body: btoa(bytes(lead + text))});
        if (PACKED) for (const kind of ['gzip', 'deflate', 'deflate-raw'])
            await send('/taken', {body: await packed(text, kind)});
        document.body.append('spilled');
        setTimeout(() => { throw new Error('no ' + text) });
    })();
</script>"""


class LeakySite:
    """The app, on loopback. `base_url` is where."""

    def __init__(self) -> None:
        values = SECRETS.values()
        shown = [
            f"<p title='{html.escape(value)}'>{html.escape(value)}</p><p>{_entities(value, '&#{};')}"
            f"{_entities(value, '&#x{:x};')}</p><a href='/x?{html.escape(quote(value))}'>link</a>"
            f"<input value='{html.escape(value)}'><!-- {value} -->"
            for value in values
        ]
        scripted = json.dumps(SECRETS).replace("<", "\\u003c").replace("/", "\\/")
        hexed = json.dumps(["".join(f"\\x{byte:02x}" for byte in value.encode()) for value in values])
        embedded = base64.b64encode(gzip.compress("\n".join(values).encode(), mtime=0)).decode()
        fields = "".join(f"<label>{name}<textarea name={name}></textarea></label>" for name in SECRETS)
        script = _SPILLING.replace("SECRETS", scripted)
        encoded = {f"X-Secret-{name}": quote(value) for name, value in SECRETS.items()}
        plain = "\n".join(values).encode()
        self.pages: dict[str, tuple[str, bytes, dict[str, str]]] = {
            "/": ("text/html", _page("<a href=/files download>Files</a>"), {}),
            "/spills": (
                "text/html",
                _page(*shown, f"<script>/* {hexed} */ const data = 'data:;base64,{embedded}'</script>",
                      script.replace("PACKED", "false")),
                encoded,
            ),
            "/packs": (
                "text/html",
                _page("<img src=/picture.png>", script.replace("PACKED", "true"),
                      "<script>for (const path of ['/paper.pdf', '/all.zip', '/wide.txt', '/zipped'])"
                      " fetch(path).then(a => a.arrayBuffer())</script>"),
                {},
            ),
            "/picture.png": ("image/png", picture(SECRETS), {}),
            "/paper.pdf": ("application/pdf", document(SECRETS), {}),
            "/all.zip": ("application/zip", archive(SECRETS), {}),
            "/wide.txt": ("text/plain; charset=utf-16", plain.decode().encode("utf-16"), {}),
            "/zipped": ("text/plain", gzip.compress(plain), {"Content-Encoding": "gzip"}),
            "/form": ("text/html", _page(f"<form action=/sent>{fields}<button>Send</button></form>"), {}),
            "/sent": ("text/html", _page("sent"), {}),
            "/taken": ("text/plain", b"taken", {}),
            "/names": (
                "text/html",
                _page(*(f"<button>{html.escape(value)}</button>" for value in values)),
                {},
            ),
            "/dialog": (
                "text/html",
                _page(f"<button onclick='alert(Object.values({html.escape(scripted)}).join(\"\\n\"))'>Say</button>"),
                {},
            ),
            "/load": (
                "text/html",
                _page("<a href=/file>Load</a>"),
                {},
            ),
            "/file": (
                "application/octet-stream",
                plain,
                {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(SECRETS['UMLAUTS'], safe='')}.txt"},
            ),
            "/favicon.ico": ("image/png", b"", {}),
        }  # fmt: skip
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def _handler(site) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - self is the handler's
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                kind, body, headers = site.pages.get(urlsplit(self.path).path, ("text/html", _page("nothing"), {}))
                self.send_response(200)
                for name, value in {"Content-Type": kind, **headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_: Any) -> None:
                """The test's output stays readable."""

        return Handler

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def forms_of(value: str) -> list[bytes]:
    """How a secret may stand in a file: for the proof that the finder is able."""
    data = value.encode()
    texts = [
        value, quote(value), quote_plus(value), _lower(quote(value, safe="")), html.escape(value),
        _entities(value, "&#{};"), _entities(value, "&#x{:X};"), json.dumps(value), json.dumps(json.dumps(value)),
        json.dumps(value, ensure_ascii=False).replace("/", "\\/"), html.escape(json.dumps(value)),
        *(base64.b64encode(b"x" * lead + data + b"yy").decode() for lead in range(3)),
        base64.urlsafe_b64encode(b"me:" + data).decode(), json.dumps({"body": base64.b64encode(data).decode()}),
        " ".join(value.split()),
    ]  # fmt: skip
    every = {"ONE": value}
    binaries = [value.encode("utf-16-le"), value.encode("utf-16-be"), b"\0\xff" + data + b"\0"]
    binaries += [gzip.compress(data), zlib.compress(data), picture(every), document(every), archive(every)]
    binaries.append(base64.b64encode(gzip.compress(data)))
    return [*(text.encode() for text in texts), *binaries]
