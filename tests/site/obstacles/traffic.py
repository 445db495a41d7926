"""What a page asks for while it is shown: lists, statistics, a chat, a service worker."""

from __future__ import annotations

import asyncio
import random
import struct
import zlib

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.site.obstacles.pages import broken

_POSTS = 35
_COUNTRIES = ["Denmark", "Estonia", "Finland", "Iceland", "Latvia", "Lithuania", "Norway", "Sweden"]


async def _posts(request: Request) -> Response:
    first = int(request.query_params.get("from", "1"))
    if broken(request) == "more" and first > 10:
        return JSONResponse({"error": "database is locked"}, status_code=500)
    return JSONResponse([f"Post {number}" for number in range(first, min(first + 10, _POSTS + 1))])


async def _countries(request: Request) -> Response:
    await asyncio.sleep(0.15)
    if broken(request) == "options":
        return JSONResponse({"error": "no such table: countries"}, status_code=500)
    part = request.query_params.get("q", "").lower()
    return JSONResponse([country for country in _COUNTRIES if part in country.lower()])


async def _statistics(_: Request) -> Response:
    script = "window.statistics = {track() {}}; document.body.dataset.tracked = 'yes';"
    return PlainTextResponse(script, media_type="text/javascript")


async def _notes(request: Request) -> Response:
    return JSONResponse({"sent": (await request.body()).decode()})


async def _picture(request: Request) -> Response:
    """A large picture, late by `seconds`."""
    await asyncio.sleep(float(request.query_params.get("seconds", "0")))
    return Response(_png(320, 150), media_type="image/png", headers={"Cache-Control": "no-store"})


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    # The colours must vary: a picture with hardly any content does not count as the largest paint.
    noise = random.Random(width)
    rows = b"".join(b"\0" + noise.randbytes(width * 3) for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


async def _chat(socket: WebSocket) -> None:
    await socket.accept()
    is_deaf = socket.query_params.get("broken") == "echo"
    try:
        await socket.send_text("Hello from support")
        while True:
            said = await socket.receive_text()
            if not is_deaf:
                await socket.send_text(f"You said: {said}")
    except WebSocketDisconnect:
        return


ROUTES = [
    Route("/posts.json", _posts),
    Route("/countries.json", _countries),
    Route("/statistics.js", _statistics),
    Route("/notes", _notes, methods=["POST"]),
    Route("/picture.png", _picture),
    WebSocketRoute("/chat-socket", _chat),
]
