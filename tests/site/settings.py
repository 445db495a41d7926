"""What the pages whose names begin with `setting-` need of a server: a gate, a worker, a counter, and TLS."""

from __future__ import annotations

import base64
import html
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import trustme

from tests.e2e.outcome_site import Answer, Asked, Site

PAGES = Path(__file__).parent / "pages"
STAFF = "staff"
_WORKER = """
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
const KEPT = 'kept';
self.addEventListener('fetch', event => {
  if (event.request.method !== 'GET') return;
  event.respondWith(fetch(event.request).then(answer => {
    const copy = answer.clone();
    return caches.open(KEPT).then(cache => cache.put(event.request, copy)).then(() => answer);
  }, () => caches.match(event.request).then(found => found || Response.error())));
});
"""


def furnish(site: Site, password: str) -> None:
    """Put the pages and their answers into a site whose gate opens for STAFF and this password."""
    for path in PAGES.glob("setting-*.html"):
        site.pages[f"/{path.stem}"] = path.read_text()
    right = "Basic " + base64.b64encode(f"{STAFF}:{password}".encode()).decode()

    def gate(asked: Asked) -> Answer:
        if {name.lower(): value for name, value in asked.headers.items()}.get("authorization") == right:
            return Answer("<h1>Behind the gate</h1>")
        return Answer("<h1>Who are you?</h1>", 401, headers={"WWW-Authenticate": 'Basic realm="gate"'})

    def headers(asked: Asked) -> Answer:
        said = "".join(f"<li>{html.escape(name)}: {html.escape(value)}</li>" for name, value in asked.headers.items())
        return Answer(f"<h1>Headers</h1><ul>{said}</ul>")

    site.pages |= {
        "/gate": gate,
        "/gate/version": lambda asked: Answer("release 7") if gate(asked).status == 200 else gate(asked),
        "/headers": headers,
        "/ping": "pong",
        "/worker.js": Answer(_WORKER, kind="text/javascript"),
        "/stats/count.js": Answer("document.getElementById('count').textContent = 'counted'", kind="text/javascript"),
        "/stats/beacon": "noted",
    }


class Authority:
    """Somebody whose certificates the strict server accepts; the files lie in a folder."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        person = self.authority.issue_cert("robin@example.test")
        self.certificate = folder / "robin.pem"
        self.key = folder / "robin.key"
        person.cert_chain_pems[0].write_to_path(self.certificate)
        person.private_key_pem.write_to_path(self.key)

    def bundle(self, path: Path, passphrase: str) -> None:
        """Key and certificate in one PKCS #12 file."""
        from cryptography import x509
        from cryptography.hazmat.primitives.serialization import (
            BestAvailableEncryption,
            load_pem_private_key,
            pkcs12,
        )

        certificate = x509.load_pem_x509_certificate(self.certificate.read_bytes())
        key = load_pem_private_key(self.key.read_bytes(), None)
        closed = BestAvailableEncryption(passphrase.encode())
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"robin", key, certificate, None, closed))  # type: ignore[arg-type]


class StrictServer:
    """Answers over TLS, and only those who show a certificate of the authority."""

    def __init__(self, authority: Authority) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.verify_mode = ssl.CERT_REQUIRED
        # With 1.3 a client would only learn later that it was refused.
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        authority.authority.configure_trust(context)
        authority.authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Welcome)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.base_url = f"https://localhost:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Welcome(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        shown = dict(item[0] for item in self.connection.getpeercert()["subject"])  # type: ignore[attr-defined]
        data = f"<!doctype html><title>Strict</title><h1>Welcome</h1><p>{sorted(shown)}</p>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """The test's output stays readable."""
