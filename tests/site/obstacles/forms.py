"""Forms that a server guards: a CSRF token, a CAPTCHA, uploads, a second factor."""

from __future__ import annotations

import secrets

import pyotp
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from tests.site.obstacles.pages import answer, broken, said

SEED = "JBSWY3DPEHPK3PXPJBSWY3DP"
"""The seed of the one-time codes."""
TEST_TOKEN = "XXXX.DUMMY.TOKEN.XXXX"
"""What the CAPTCHA widget hands out for a test key."""
LIMIT = 20_000
"""Bytes that an upload may have where the app is broken so."""


def routes() -> list[BaseRoute]:
    """The forms, which know their visitors by a session cookie."""
    tokens: dict[str, str] = {}

    async def csrf(request: Request) -> Response:
        session = request.cookies.get("session") or secrets.token_hex(8)
        if request.method == "POST":
            form = await request.form()
            if not form.get("_token") or form.get("_token") != tokens.get(session):
                return said("Page expired", "Please go back and try again.", 419)
            return RedirectResponse("/obstacles/csrf-thanks", 303)
        tokens[session] = secrets.token_hex(16)
        # A page cache in front of the app serves everybody the token of whoever came first.
        shown = secrets.token_hex(16) if broken(request) == "cached" else tokens[session]
        page = answer("csrf", token=shown)
        page.set_cookie("session", session, httponly=True, samesite="lax")
        return page

    return [
        Route("/csrf", csrf, methods=["GET", "POST"]),
        Route("/csrf-thanks", lambda _: said("Thank you", "Your message was sent.")),
        Route("/captcha", _captcha, methods=["GET", "POST"]),
        Route("/upload", _upload, methods=["POST"]),
        Route("/second-factor", _second_factor, methods=["GET", "POST"]),
    ]


async def _captcha(request: Request) -> Response:
    if request.method == "GET":
        # A deploy with the configuration of production: a real key, which wants a human.
        key = "0x4AAAAAAA-a-real-key" if broken(request) == "real-key" else "1x00000000000000000000AA"
        return answer("captcha", key=key)
    form = await request.form()
    if form.get("cf-turnstile-response") != TEST_TOKEN:
        return said("Are you a robot?", "Please answer the question first.", 403)
    return said("Message sent", "A human wrote it.")


async def _upload(request: Request) -> Response:
    async with request.form() as form:
        files = [file for file in form.getlist("files") if isinstance(file, UploadFile)]
        # A proxy in front of the app that was set up too narrow.
        if broken(request) == "limit" and any((file.size or 0) > LIMIT for file in files):
            return JSONResponse({"error": "Request Entity Too Large"}, status_code=413)
        return JSONResponse([{"name": file.filename, "size": file.size} for file in files])


async def _second_factor(request: Request) -> Response:
    if request.method == "GET":
        return answer("second-factor")
    form = await request.form()
    # A server whose clock is an hour late accepts the codes of then.
    now = pyotp.TOTP(SEED).now() if broken(request) != "clock" else pyotp.TOTP(SEED).at(0)
    earlier = pyotp.TOTP(SEED).verify(str(form.get("code")), valid_window=1) and broken(request) != "clock"
    if form.get("code") == now or earlier:
        return said("Welcome back", "You are logged in.")
    return answer("second-factor", 401)
