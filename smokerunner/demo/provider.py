"""The card provider: another origin whose frame takes the card, so that the shop never sees its number."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

GOOD_CARD = "4242 4242 4242 4242"
DECLINED_CARD = "4000 0000 0000 0002"
_PACKAGE = "smokerunner.demo"
_STATIC = Path(__file__).parent / "static" / "provider"


def create_provider() -> Starlette:
    """A provider that keeps its tokens in memory; each can be charged once."""
    app = Starlette(
        routes=[
            Route("/card", _show_card),
            Route("/tokens", _make_token, methods=["POST"]),
            Route("/charges", _charge, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ]
    )
    app.state.numbers = {}
    app.state.templates = Environment(loader=PackageLoader(_PACKAGE), autoescape=True, undefined=StrictUndefined)
    return app


async def _show_card(request: Request) -> Response:
    template = request.app.state.templates.get_template("provider/card.html")
    return HTMLResponse(template.render(shop=request.query_params.get("shop", "")))


async def _make_token(request: Request) -> Response:
    try:
        number = "".join(str((await request.json())["number"]).split())
    except (json.JSONDecodeError, KeyError, TypeError):
        return JSONResponse({"reason": "Please send a card number."}, status_code=400)
    if not _is_card_number(number):
        return JSONResponse({"reason": "Please check the card number."}, status_code=422)
    token = secrets.token_urlsafe(16)
    request.app.state.numbers[token] = number
    return JSONResponse({"token": token}, status_code=201)


async def _charge(request: Request) -> Response:
    number: str | None = request.app.state.numbers.pop((await request.json())["token"], None)
    if number is None:
        return JSONResponse({"reason": "Please enter your card once more."}, status_code=402)
    if number == DECLINED_CARD.replace(" ", ""):
        reason = "Your card was declined. Please try another one."
        return JSONResponse({"reason": reason}, status_code=402)
    return JSONResponse({"last4": number[-4:]})


def _is_card_number(number: str) -> bool:
    """Whether these are 16 digits whose check digit is right (Luhn)."""
    if len(number) != 16 or not (number.isascii() and number.isdigit()):
        return False
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in number[0::2]]
    return (sum(doubled) + sum(int(digit) for digit in number[1::2])) % 10 == 0
