"""The review page, served on this machine only, to whoever has the address with its token."""

from __future__ import annotations

import errno
import secrets
import socket
from pathlib import Path
from urllib.parse import quote

import uvicorn
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from smokerunner.model.errors import BadInput, Unavailable
from smokerunner.pictures.reference import without_facts
from smokerunner.review.desk import DECIDED, Decision, Desk, Item

_HOST = "127.0.0.1"
_FIRST_PORT = 1024
"""Those below belong to the system, and browsers refuse most of them."""
_NOT_OPENED = frozenset(
    (1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080)
)
"""The bad ports of the Fetch standard."""
_STATIC = Path(__file__).parent / "static"
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self'",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


class Gate:
    """Lets only this machine's own browser in: the right host name, the token, and no other site's requests.

    A page of another site can make a browser send requests here, and can make its own name mean 127.0.0.1; neither
    knows the token, the cookie is not sent along, and both are refused by what their requests say of themselves.
    """

    def __init__(self, app: ASGIApp, port: int, token: str) -> None:
        self._app = app
        self._hosts = {f"{_HOST}:{port}", f"localhost:{port}"}
        self._token = token
        self._cookie = f"smokerunner-review-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Cache-Control"] = "no-store"
            await send(message)

        response = self._refusal(request) or self._entry(request)
        await (response or self._app)(scope, receive, sealed)

    def _refusal(self, request: Request) -> Response | None:
        host = request.headers.get("host", "")
        if host not in self._hosts:
            return PlainTextResponse("This address is not served under that name.\n", 403)
        if request.method not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("Not that way.\n", 405)
        if request.method == "POST":
            origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
            if origin != f"http://{host}" or site != "same-origin":
                return PlainTextResponse("This request comes from another site.\n", 403)
        return None

    def _entry(self, request: Request) -> Response | None:
        given = request.query_params.get("token", "")
        if given and request.method == "GET" and _same(given, self._token):
            # The token leaves the address bar, and with it the history and anything copied from there.
            response = RedirectResponse(request.url.path, 303)
            response.set_cookie(self._cookie, self._token, httponly=True, samesite="strict")
            return response
        if not _same(request.cookies.get(self._cookie, ""), self._token):
            return PlainTextResponse("Open the address that `smokerunner review` printed, with its token.\n", 403)
        return None


def _same(given: str, expected: str) -> bool:
    return secrets.compare_digest(given.encode(), expected.encode())


class Review:
    """One desk as an ASGI application."""

    def __init__(self, desk: Desk, screenshots: Path) -> None:
        self._desk = desk
        self._screenshots = screenshots
        self._templates = Environment(
            loader=PackageLoader("smokerunner.review"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def app(self, port: int, token: str) -> ASGIApp:
        """The application behind its gate."""
        routes = [
            Route("/", self._page),
            Route("/items/{number:int}/{which}.png", self._picture),
            Route("/items/{number:int}/{decision}", self._decide, methods=["POST"]),
            Route("/flows/{flow}/approve", self._approve_flow, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ]
        return Gate(Starlette(routes=routes, exception_handlers={BadInput: _unwritable}), port, token)

    async def _page(self, _request: Request) -> Response:
        flows: dict[str, list[Item]] = {}
        for item in self._desk.items:
            flows.setdefault(item.flow, []).append(item)
        page = self._templates.get_template("review.html").render(
            run=self._desk.run, flows=flows, desk=self._desk, screenshots=self._screenshots
        )
        return Response(page, media_type="text/html")

    async def _picture(self, request: Request) -> Response:
        item = self._found(request)
        pictures = {"after": item.candidate.picture, "before": item.before, "difference": item.difference}
        data = pictures.get(request.path_params["which"])
        if data is None:
            raise HTTPException(404, "There is no such picture.")
        return Response(without_facts(data), media_type="image/png")

    async def _decide(self, request: Request) -> Response:
        item = self._found(request)
        decision: Decision | None = next((one for one in DECIDED if one == request.path_params["decision"]), None)
        if decision is None or (decision == "dynamic" and not item.can_be_dynamic):
            raise HTTPException(404, "That cannot be decided.")
        self._desk.decide(item.number, decision)
        return self._answer(request, [item])

    async def _approve_flow(self, request: Request) -> Response:
        try:
            items = self._desk.approve_flow(request.path_params["flow"])
        except KeyError:
            raise HTTPException(404, "There is no such flow.") from None
        return self._answer(request, items)

    def _answer(self, request: Request, items: list[Item]) -> Response:
        if "application/json" in request.headers.get("accept", ""):
            counts = {"total": len(self._desk.items), **self._desk.counts}
            return JSONResponse({"items": {item.number: item.decision for item in items}, "counts": counts})
        # Without JavaScript a button is a form, and the page is shown anew where it was.
        place = f"#item-{items[0].number}" if items else ""
        return RedirectResponse(f"/{place}", 303)

    def _found(self, request: Request) -> Item:
        try:
            return self._desk.item(request.path_params["number"])
        except KeyError:
            raise HTTPException(404, "There is no such step.") from None


async def _unwritable(_request: Request, wrong: Exception) -> Response:
    return PlainTextResponse(f"{wrong}\n", 500)


def listen(port: int = 0) -> socket.socket:
    """A socket on 127.0.0.1 for the page; port 0 takes a free one.

    Raises BadInput for a port that no browser opens, Unavailable when the port cannot be had.
    """
    if 0 < port < _FIRST_PORT or port in _NOT_OPENED:
        raise BadInput(f"--port {port}: browsers do not open this one; leave --port out and a free one is taken")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        # Another program that listens there may be found out only now.
        listener.listen()
    except OSError as wrong:
        listener.close()
        taken = wrong.errno == errno.EADDRINUSE
        said = "another program uses it" if taken else f"cannot be had: {wrong.strerror or wrong}"
        raise Unavailable(f"--port {port}: {said}; leave --port out and a free one is taken") from wrong
    return listener


class Server:
    """The review page, at a socket of `listen`."""

    def __init__(self, review: Review, listener: socket.socket) -> None:
        self._listener = listener
        self.port = int(self._listener.getsockname()[1])
        self.token = secrets.token_urlsafe(24)
        config = uvicorn.Config(
            review.app(self.port, self.token),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)

    @property
    def address(self) -> str:
        """Where to look, with the token that opens it."""
        return f"http://{_HOST}:{self.port}/?token={quote(self.token)}"

    def serve(self) -> None:
        """Serve until `stop` is called, or Ctrl-C or SIGTERM comes when this is the main thread."""
        try:
            self._server.run(sockets=[self._listener])
        finally:
            self._listener.close()

    def stop(self) -> None:
        """End soon; safe to call from any thread."""
        self._server.should_exit = True
