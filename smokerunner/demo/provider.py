"""The card provider: another origin whose frame takes the card, so that the shop never sees its number."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from smokerunner.demo.webhook import HEADER, sign

GOOD_CARD = "4242 4242 4242 4242"
DECLINED_CARD = "4000 0000 0000 0002"
CHALLENGED_CARD = "4000 0000 0000 3220"
_PACKAGE = "smokerunner.demo"
_STATIC = Path(__file__).parent / "static" / "provider"


@dataclass(frozen=True)
class _Challenge:
    """A charge that waits for the customer's own yes; `notify` is where the shop wants to hear of it."""

    id: str
    cents: int
    shop: str
    notify: str


def create_provider(webhook_secret: str) -> Starlette:
    """A provider that keeps its tokens in memory; each can be charged once. It signs what it tells with the secret."""
    app = Starlette(
        routes=[
            Route("/card", _show_card),
            Route("/tokens", _make_token, methods=["POST"]),
            Route("/charges", _charge, methods=["POST"]),
            Route("/challenges/{challenge}", _show_challenge, name="challenge"),
            Route("/challenges/{challenge}", _answer_challenge, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ]
    )
    app.state.numbers = {}
    app.state.challenges = {}
    app.state.webhook_secret = webhook_secret
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
    asked = await request.json()
    number: str | None = request.app.state.numbers.pop(asked["token"], None)
    if number is None:
        return JSONResponse({"reason": "Please enter your card once more."}, status_code=402)
    if number == DECLINED_CARD.replace(" ", ""):
        reason = "Your card was declined. Please try another one."
        return JSONResponse({"reason": reason}, status_code=402)
    if number == CHALLENGED_CARD.replace(" ", ""):
        challenge = _Challenge(secrets.token_urlsafe(16), asked["cents"], asked["shop"], asked["notify"])
        request.app.state.challenges[challenge.id] = challenge
        page = str(request.url_for("challenge", challenge=challenge.id))
        return JSONResponse({"last4": number[-4:], "challenge": challenge.id, "page": page}, status_code=202)
    return JSONResponse({"last4": number[-4:]})


async def _show_challenge(request: Request) -> Response:
    challenge = _challenge_of(request)
    template = request.app.state.templates.get_template("provider/challenge.html")
    amount = f"€{challenge.cents / 100:.2f}"
    return HTMLResponse(template.render(challenge=challenge.id, shop=challenge.shop, amount=amount))


async def _answer_challenge(request: Request) -> Response:
    """Tell the shop before the customer's page goes on, so that the order is as it should be when it is looked at."""
    challenge = _challenge_of(request)
    del request.app.state.challenges[challenge.id]
    body = json.dumps({"payment": challenge.id, "paid": (await request.json())["approved"] is True}).encode()
    signature = sign(request.app.state.webhook_secret, body, time.time())
    async with httpx.AsyncClient(trust_env=False) as client:
        heard = await client.post(challenge.notify, content=body, headers={HEADER: signature})
    return Response(status_code=204 if heard.is_success else 502)


def _challenge_of(request: Request) -> _Challenge:
    challenge: _Challenge | None = request.app.state.challenges.get(request.path_params["challenge"])
    if challenge is None:
        raise HTTPException(404, "There is nothing to confirm here.")
    return challenge


def _is_card_number(number: str) -> bool:
    """Whether these are 16 digits whose check digit is right (Luhn)."""
    if len(number) != 16 or not (number.isascii() and number.isdigit()):
        return False
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in number[0::2]]
    return (sum(doubled) + sum(int(digit) for digit in number[1::2])) % 10 == 0
