"""What happens to every request and every response, whatever the page."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from smokerunner.demo.marks import FLOW_HEADER, crc16
from smokerunner.demo.shop import Shop, shop_of
from smokerunner.demo.visitor import COOKIE, Visitor


class Front:
    """Finds the visitor, says the release, sets headers and has the marks painted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        shop = shop_of(request)
        visitor = Visitor(shop.connection, request.cookies.get(COOKIE))
        request.state.visitor = visitor
        flow = request.headers.get(FLOW_HEADER) if shop.settings.marks else None
        await self._app(scope, receive, _Answer(send, shop, visitor, flow).send)


class _Answer:
    """One response on its way out. The marks need the whole page, so the start of an HTML page is held back."""

    def __init__(self, send: Send, shop: Shop, visitor: Visitor, flow: str | None) -> None:
        self._send = send
        self._shop = shop
        self._visitor = visitor
        self._flow = flow
        self._held: Message | None = None
        self._page = b""

    async def send(self, message: Message) -> None:
        """Pass one part of the response on."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            self._complete(headers)
            if self._flow is not None and headers.get("content-type", "").startswith("text/html"):
                self._held = message
                return
        elif self._held is not None:
            self._page += message.get("body", b"")
            if message.get("more_body", False):
                return
            page = _mark(self._page, self._flow or "")
            MutableHeaders(scope=self._held)["content-length"] = str(len(page))
            await self._send(self._held)
            message = {**message, "body": page}
        await self._send(message)

    def _complete(self, headers: MutableHeaders) -> None:
        settings = self._shop.settings
        headers["X-Acorn-Release"] = settings.served_release
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Content-Security-Policy"] = (
            "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; "
            f"frame-src {settings.provider_url}; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
        )
        if headers.get("content-type", "").startswith("text/html"):
            headers["Cache-Control"] = "no-cache"
        if self._visitor.new_cookie is not None:
            headers.append("Set-Cookie", f"{COOKIE}={self._visitor.new_cookie}; Path=/; HttpOnly; SameSite=Lax")


def _mark(page: bytes, flow: str) -> bytes:
    script = f'<script src="/static/marks.js" data-flow="{crc16(flow)}"></script>'.encode()
    body, end, rest = page.rpartition(b"</body>")
    return body + script + end + rest if end else page + script
