"""A server that lets in only who shows a certificate, as nginx does with `ssl_verify_client on`."""

from __future__ import annotations

import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

import trustme


class CertifiedSite:
    """The server on https://localhost, with the certificates of its visitors in a folder; a context manager."""

    def __init__(self, folder: Path) -> None:
        """Make robin.pem and robin.key in `folder`, and the server's own."""
        folder.mkdir(parents=True, exist_ok=True)
        authority = trustme.CA()
        robin = authority.issue_cert("robin@example.test")
        robin.private_key_pem.write_to_path(folder / "robin.key")
        (folder / "robin.pem").write_bytes(b"".join(part.bytes() for part in robin.cert_chain_pems))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        authority.configure_trust(context)
        context.verify_mode = ssl.CERT_OPTIONAL
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
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


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Greet whoever the certificate names; 400 without one."""
        assert isinstance(self.connection, ssl.SSLSocket)
        shown = self.connection.getpeercert() or {}
        names = [value for kind, value in shown.get("subjectAltName", ()) if kind == "email"]
        status, said = (200, f"Hello, {names[0]}") if names else (400, "No required SSL certificate was sent")
        body = f"<!doctype html><title>Certificates</title><link rel=icon href='data:,'><h1>{said}</h1>".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The test's output stays readable."""
