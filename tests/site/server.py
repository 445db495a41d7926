"""A small site that shows every situation a flow can meet; the pages lie in pages/, what must be computed is here."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import threading
import time
from collections import Counter
from email.message import EmailMessage
from pathlib import Path
from typing import Self

import pyotp
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.site import obstacles

PAGES = Path(__file__).parent / "pages"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DP"
"""The seed of the one-time codes that /totp asks for."""


class Site:
    """The site on a free port of 127.0.0.1, in a thread of its own; a context manager."""

    def __init__(self) -> None:
        self._listener = _listen()
        self.port: int = self._listener.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.smtp_port = 0
        """Where /send delivers mail; whoever opens the mailbox says."""
        self.seen: Counter[str] = Counter()
        """How often each counted path was asked, and what was written to the site."""
        routes = [
            Route("/api/echo", self._echo, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
            Route("/api/orders", lambda _: JSONResponse({"orders": [{"id": "A-17"}, {"id": "B-4"}], "total": 2})),
            Route("/api/status/{code:int}", _status),
            Route("/api/slow", _slow),
            Route("/api/cookie", _cookie),
            Route("/status/{code:int}", _page_with_status),
            Route("/no-content", lambda _: Response(status_code=204)),
            Route("/redirect", lambda _: RedirectResponse("/plain?from=redirect")),
            Route("/circle", lambda _: RedirectResponse("/circle")),
            Route("/slow", _slow),
            Route("/file/{name}", _file),
            Route("/counter/{name}", self._counter),
            Route("/totp", _totp, methods=["POST"]),
            Route("/send", self._send),
            Route("/shop/{path:path}", _shop),
            *obstacles.routes(),
            Route("/{name}", _page),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes),
            loop="asyncio",
            ws="websockets-sansio",
            log_config=None,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="site", daemon=True)

    def _serve(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._listener]))

    def __enter__(self) -> Self:
        self._thread.start()
        until = time.monotonic() + 20
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise RuntimeError("the site did not start")
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()

    async def _echo(self, request: Request) -> Response:
        """What arrived, as JSON."""
        self.seen[f"{request.method} {request.url.path}"] += 1
        body = (await request.body()).decode()
        return JSONResponse(
            {
                "method": request.method,
                "query": dict(request.query_params),
                "headers": dict(request.headers),
                "cookies": request.cookies,
                "body": body,
            },
            headers={"X-Echo": "yes, 42"},
        )

    async def _counter(self, request: Request) -> Response:
        """A page that says how often it was asked, `ready` from the third time on."""
        name = request.path_params["name"]
        self.seen[name] += 1
        number = self.seen[name]
        state = "ready" if number >= 3 else "waiting"
        return HTMLResponse(
            f"<!doctype html><title>Counter</title><p data-testid=times>asked {number} times</p>"
            f"<p data-testid=state>{state}</p>"
        )

    async def _send(self, request: Request) -> Response:
        """Send a message: to, subject, kind (`reset`, `code`)."""
        asked = request.query_params
        await asyncio.to_thread(self._deliver, asked["to"], asked["subject"], asked.get("kind", "code"))
        return HTMLResponse("<!doctype html><title>Sent</title><p>The mail was sent.</p>")

    def _deliver(self, to: str, subject: str, kind: str) -> None:
        message = EmailMessage()
        message["From"] = "The Shop <shop@example.test>"
        message["To"] = to
        message["Subject"] = subject
        message["X-Order"] = "order 4711"
        if kind == "reset":
            link = f"http://localhost:{self.port}/plain?token=abcdefabcdef0123456789"
            message.set_content(f"Hello, open {link} within an hour.")
            message.add_alternative(
                f'<p>Hello</p><a href="{self.base_url}/help">Help</a> <a href="{link}">Choose a new password</a>',
                subtype="html",
            )
        else:
            message.set_content("Your code is 93817264. Do not share it.")
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as server:
            server.send_message(message)


def closed_port() -> int:
    """A port of 127.0.0.1 where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _listen() -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    return listener


async def _page(request: Request) -> Response:
    path = PAGES / f"{request.path_params['name']}.html"
    if not path.is_file():
        return HTMLResponse("<!doctype html><title>Not here</title><h1>No such page</h1>", status_code=404)
    return HTMLResponse(path.read_text())


async def _shop(request: Request) -> Response:
    """A shop that lives below a path of its own."""
    path = request.path_params["path"]
    return HTMLResponse(f"<!doctype html><title>Shop</title><h1>Shop page /{path}</h1>")


async def _status(request: Request) -> Response:
    return PlainTextResponse("as you asked", status_code=request.path_params["code"])


async def _page_with_status(request: Request) -> Response:
    code = request.path_params["code"]
    return HTMLResponse(
        f"<!doctype html><title>Status {code}</title><h1>Status {code}</h1><a href='/file/report.csv'>Report</a>",
        status_code=code,
    )


async def _slow(request: Request) -> Response:
    await asyncio.sleep(float(request.query_params.get("seconds", "1")))
    return HTMLResponse("<!doctype html><title>Slow</title><h1>At last</h1>")


async def _cookie(request: Request) -> Response:
    answer = JSONResponse({"set": True})
    answer.set_cookie("visitor", "robin")
    return answer


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    if name == "missing.csv":
        return PlainTextResponse("gone", status_code=404)
    return Response(
        "order,total\nA-17,12.50\nB-4,8.00\n",
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _totp(request: Request) -> Response:
    form = await request.form()
    right = pyotp.TOTP(SEED).verify(str(form["code"]), valid_window=1)
    said = "Welcome in" if right else "Wrong code"
    return HTMLResponse(f"<!doctype html><title>Login</title><h1>{said}</h1>", status_code=200 if right else 401)
