"""Small sites that imitate what frameworks and apps put before a visitor, each below its own port."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class Answer:
    """A page by its file's name, or a text; with status and headers."""

    page: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


Routes = Mapping[str, Answer]
"""By path and query, as they are asked for."""
WORDPRESS: Routes = {
    "/": Answer("wordpress"),
    "/wp-login.php": Answer("wp-login"),
    "/wp-login.php?action=register": Answer("wp-register"),
    "/wp-login.php?action=lostpassword": Answer("wp-lost"),
}
RAILS: Routes = {
    "/": Answer("rails", headers={"X-Runtime": "0.012"}),
    "/users/sign_in": Answer("devise-sign-in"),
    "/users/sign_up": Answer("devise-sign-up"),
    "/users/password/new": Answer("devise-password"),
}
DJANGO: Routes = {
    "/admin/": Answer(status=302, headers={"Location": "/admin/login/?next=/admin/"}),
    "/admin/login/?next=/admin/": Answer("django-admin", headers={"Set-Cookie": "csrftoken=x; Path=/"}),
    "/admin/password_reset/": Answer("django-reset"),
}


def only(page: str, **headers: str) -> Routes:
    return {"/": Answer(page, headers=headers)}


@contextmanager
def served(routes: Routes, asked: list[str] | None = None) -> Iterator[str]:
    """The address of a site; `asked` hears the method and path of every request."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if asked is not None:
                asked.append(f"{self.command} {self.path}")
            answer = routes.get(self.path) or Answer(status=404, body="<title>404</title><h1>Not found</h1>")
            if answer.headers.get("WWW-Authenticate") and self.headers.get("Authorization"):
                answer = routes["signed in"]
            body = (PAGES / f"{answer.page}.html").read_bytes() if answer.page else answer.body.encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
