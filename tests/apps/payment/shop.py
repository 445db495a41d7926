"""A small shop of ours that takes cards through Stripe's API, to be played by localstripe."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import html
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

PUBLIC_KEY, SECRET_KEY = "pk_test_of_the_shop", "sk_test_of_the_shop"
WEBHOOK_SECRET = "whsec_of_the_shop"
FAULTS = ("webhook-ignored", "decline-hidden", "refusal-hidden")
_TOLERANCE = 300

_PAGE = """<!doctype html><html lang=en><title>Shop</title>
<style>body {{ font: 16px/1.5 sans-serif; margin: 40px; max-width: 640px }} [role=alert] {{ color: #a02 }}</style>
{body}</html>"""
_CHECKOUT = """<h1>One oak notebook</h1><p>€45.90, delivery included</p>
<form><div id=card></div><p><button>Pay €45.90</button></p><p role=alert hidden></p></form>
<script src="{stripe}/js.stripe.com/v3/"></script>
<script>
const stripe = Stripe("{key}"), card = stripe.elements().create("card"), form = document.querySelector("form");
card.mount("#card");
const complain = (text) => {{
  Object.assign(document.querySelector("[role=alert]"), {{ textContent: text, hidden: false }});
}};
form.addEventListener("submit", async (event) => {{
  event.preventDefault();
  const {{ token, error }} = await stripe.createToken(card);
  if (error) return complain(error.message);
  const body = JSON.stringify({{ token: token.id }});
  const answer = await (await fetch("/orders", {{ method: "POST", body }})).json();
  if (answer.problem) return complain(answer.problem);
  if (answer.confirm) {{
    const {{ paymentIntent }} = await stripe.confirmCardPayment(answer.confirm);
    const refused = paymentIntent?.status !== "succeeded";
    if (refused && !{refusal_hidden}) return complain("Your bank did not confirm the payment.");
  }}
  location.assign(answer.order);
}});
</script>"""


@dataclass
class Order:
    """`status` is waiting, paid or failed."""

    number: int
    status: str = "waiting"


@dataclass
class PaymentShop:
    """The running shop, as a context manager. `stripe` is the API's address; `fault` is one of FAULTS, or empty."""

    stripe: str
    fault: str = ""
    orders: dict[int, Order] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        app = Starlette(
            routes=[
                Route("/", self._checkout),
                Route("/orders", self._pay, methods=["POST"]),
                Route("/orders/{number:int}", self._order),
                Route("/api/orders/{number:int}", self._forget, methods=["DELETE"]),
                Route("/webhook", self._hear, methods=["POST"]),
            ]
        )
        config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=2)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve(sockets=[self._listener])))

    def __enter__(self) -> Self:
        """Serve, and tell Stripe where to send what happens."""
        self._thread.start()
        until = time.monotonic() + 15
        while not self._server.started:
            assert self._thread.is_alive(), "the shop did not start"
            assert time.monotonic() < until, "the shop does not start"
            time.sleep(0.01)
        events = ["payment_intent.succeeded", "payment_intent.payment_failed"]
        told = {"url": f"{self.base_url}/webhook", "secret": WEBHOOK_SECRET, "events": events}
        httpx.post(f"{self.stripe}/_config/webhooks/shop", json=told).raise_for_status()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()

    async def _checkout(self, request: Request) -> Response:
        hidden = "true" if self.fault == "refusal-hidden" else "false"
        return _page(_CHECKOUT.format(stripe=self.stripe, key=PUBLIC_KEY, refusal_hidden=hidden))

    async def _pay(self, request: Request) -> Response:
        """Charge the card of a token. An order is paid only when the webhook says so, whatever is answered here."""
        token = (await request.json())["token"]
        order = Order(next(self._numbers))
        self.orders[order.number] = order
        async with httpx.AsyncClient(base_url=self.stripe, auth=(SECRET_KEY, ""), trust_env=False) as api:
            card = (await api.get(f"/v1/tokens/{token}")).raise_for_status().json()["card"]["id"]
            asked = {
                "amount": "4590", "currency": "eur", "payment_method": card, "confirm": "true",
                "metadata[order]": str(order.number),
            }  # fmt: skip
            answer = await api.post("/v1/payment_intents", data=asked)
        told: dict[str, Any] = answer.json()
        address = {"order": f"/orders/{order.number}"}
        if answer.status_code == 402 and self.fault != "decline-hidden":
            return JSONResponse({"problem": told["error"]["message"]}, status_code=402)
        if told.get("status") == "requires_action":
            return JSONResponse({**address, "confirm": told["client_secret"]})
        return JSONResponse(address)

    async def _order(self, request: Request) -> Response:
        order = self.orders.get(request.path_params["number"])
        if order is None:
            return _page("<h1>There is no such order</h1>", 404)
        status = html.escape(order.status)
        return _page(f"<h1>Thank you</h1><p>Order {order.number} is <b data-testid=status>{status}</b></p>")

    async def _forget(self, request: Request) -> Response:
        self.orders.pop(request.path_params["number"], None)
        return Response(status_code=204)

    async def _hear(self, request: Request) -> Response:
        body = await request.body()
        if not is_from_stripe(request.headers.get("Stripe-Signature", ""), body, time.time()):
            return JSONResponse({"error": "not signed by Stripe"}, status_code=400)
        event = json.loads(body)
        order = self.orders.get(int(event["data"]["object"]["metadata"]["order"]))
        if order is not None and self.fault != "webhook-ignored":
            order.status = "paid" if event["type"] == "payment_intent.succeeded" else "failed"
        return Response(status_code=204)


def is_from_stripe(header: str, body: bytes, now: float) -> bool:
    """Whether Stripe signed this body, as docs.stripe.com/webhooks has it verified by hand."""
    pairs = [part.partition("=")[::2] for part in header.split(",")]
    at = next((value for name, value in pairs if name == "t"), "")
    if not (at.isascii() and at.isdigit()) or abs(now - int(at)) > _TOLERANCE:
        return False
    wanted = hmac.new(WEBHOOK_SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return any(hmac.compare_digest(wanted.encode(), value.encode()) for name, value in pairs if name == "v1")


def _page(body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(body=body), status)
