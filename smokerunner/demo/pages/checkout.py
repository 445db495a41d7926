"""From the cart to a paid order, and what happens to it then."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from smokerunner.demo import orders
from smokerunner.demo.catalogue import DELIVERIES
from smokerunner.demo.orders import Address, Order, get_cart
from smokerunner.demo.shop import (
    Shop,
    customer_of,
    posted_form,
    render,
    see,
    shop_of,
    text_in,
    visitor_of,
)

_SLOW_CHECKOUT_SECONDS = 35
_FIELDS = ("recipient", "street", "postcode", "city", "delivery", "card_token", "terms")


class Declined(Exception):
    """The card provider does not take this card; the text is for the customer."""


@dataclass(frozen=True)
class Charge:
    """What the provider answered: the card's last four digits, and what the customer must still confirm, and where."""

    card: str
    challenge: str | None = None
    page: str | None = None


async def show_checkout(request: Request) -> Response:
    """The form for address, delivery and card; back to the cart when that is empty."""
    customer_of(request)
    shop = shop_of(request)
    cart = get_cart(shop.connection, visitor_of(request).session_id)
    if not cart.lines:
        return see("/cart")
    card_page = f"{shop.settings.provider_url}/card?shop={shop.settings.base_url}"
    deliveries = DELIVERIES.values()
    return render(request, "checkout.html", cart=cart, deliveries=deliveries, card_page=card_page)


async def place_order(request: Request) -> Response:
    """Charge the card, then make the cart an order.

    The page's script reads the answer: `order` or `problem`, and `confirm`, the page on which the customer confirms.
    """
    shop, user = shop_of(request), customer_of(request)
    async with posted_form(request) as form:
        entered = {field: text_in(form, field) for field in _FIELDS}
    await shop.dawdle("slow-checkout", _SLOW_CHECKOUT_SECONDS)
    session_id = visitor_of(request).remember()
    cart = get_cart(shop.connection, session_id)
    delivery = DELIVERIES.get(entered["delivery"])
    if delivery is None or not cart.lines or not all(entered.values()):
        return JSONResponse({"problem": "Please fill in every field and accept the terms."}, status_code=422)
    try:
        charge = await _charge(shop, entered["card_token"], cart.total_cents + delivery.cents)
    except Declined as declined:
        return JSONResponse({"problem": str(declined)}, status_code=402)
    address = Address(entered["recipient"], entered["street"], entered["postcode"], entered["city"])
    status = "processing" if charge.challenge is None else "unpaid"
    order_id = orders.place(shop.connection, user, cart, address, delivery, charge.card, status=status)
    if charge.challenge is not None:
        orders.await_payment(shop.connection, charge.challenge, order_id, session_id)
        return JSONResponse({"order": f"/orders/{order_id}", "confirm": charge.page}, status_code=202)
    orders.empty_cart(shop.connection, session_id)
    visitor_of(request).notify("Thank you. Your order is on its way to our packing table.")
    return JSONResponse({"order": f"/orders/{order_id}"}, status_code=201)


async def show_order(request: Request) -> Response:
    """One order."""
    return render(request, "order.html", order=order_of(request))


async def cancel_order(request: Request) -> Response:
    """Cancel one order."""
    order = order_of(request)
    async with posted_form(request):
        orders.cancel(shop_of(request).connection, order)
    visitor_of(request).notify(f"Order {order.id} is cancelled.")
    return see(f"/orders/{order.id}")


async def show_invoice(request: Request) -> Response:
    """The invoice of one order as a page."""
    return render(request, "invoice.html", order=order_of(request))


async def download_invoice(request: Request) -> Response:
    """The invoice of one order as a text file."""
    order = order_of(request)
    text = shop_of(request).templates.get_template("invoice.txt").render(order=order, user=customer_of(request))
    name = f"invoice-{order.id}.txt"
    return PlainTextResponse(text, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def order_of(request: Request) -> Order:
    """The order this request is about. Answers 404 when the customer has no such order."""
    order = orders.find(shop_of(request).connection, customer_of(request), request.path_params["order"])
    if order is None:
        raise HTTPException(404, "You have no such order.")
    return order


async def _charge(shop: Shop, token: str, cents: int) -> Charge:
    notify = f"{shop.settings.base_url}/payments/webhook"
    asked = {"token": token, "cents": cents, "shop": shop.settings.base_url, "notify": notify}
    async with httpx.AsyncClient(base_url=shop.settings.provider_url, trust_env=False) as provider:
        answer = await provider.post("/charges", json=asked)
    if answer.status_code == 402:
        raise Declined(answer.json()["reason"])
    answer.raise_for_status()
    told = answer.json()
    return Charge(str(told["last4"]), told.get("challenge"), told.get("page"))
