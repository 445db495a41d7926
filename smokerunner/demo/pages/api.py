"""What programs ask Acorn: its health, its release, and the visitor's own cart, orders and account."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from smokerunner.demo import accounts, orders
from smokerunner.demo.catalogue import PRODUCTS, Product
from smokerunner.demo.orders import get_cart, set_quantity
from smokerunner.demo.pages.checkout import order_of
from smokerunner.demo.shop import customer_of, shop_of, visitor_of


async def health(request: Request) -> Response:
    """Whether the web part works, and when the worker was last seen."""
    heartbeat = shop_of(request).worker.heartbeat
    age = (datetime.now(UTC) - heartbeat).total_seconds()
    worker = {"heartbeat": heartbeat.isoformat(timespec="milliseconds"), "age_seconds": round(age, 3)}
    return JSONResponse({"status": "ok", "worker": worker})


async def version(request: Request) -> Response:
    """The release that is served."""
    return JSONResponse({"release": shop_of(request).settings.served_release})


async def products(_request: Request) -> Response:
    """Everything for sale; prices are in euro."""
    return JSONResponse(
        [{"id": product.id, "name": product.name, "price": product.cents / 100} for product in PRODUCTS.values()]
    )


async def show_cart(request: Request) -> Response:
    """The visitor's cart."""
    return _describe_cart(request)


async def add_to_cart(request: Request) -> Response:
    """Put some more pieces of a product into the cart."""
    body = await _body_of(request)
    product = _product(body.get("product"))
    cart = get_cart(shop_of(request).connection, visitor_of(request).session_id)
    there = next((line.quantity for line in cart.lines if line.product is product), 0)
    return _keep(request, product, there + _quantity(body.get("quantity", 1)))


async def change_cart(request: Request) -> Response:
    """Keep so many pieces of a product."""
    body = await _body_of(request)
    return _keep(request, _product(request.path_params["product"]), _quantity(body.get("quantity")))


async def remove_from_cart(request: Request) -> Response:
    """Take a product out of the cart."""
    return _keep(request, _product(request.path_params["product"]), 0)


async def show_order(request: Request) -> Response:
    """One order of the customer."""
    order = order_of(request)
    return JSONResponse({"id": order.id, "status": order.status, "total": order.total_cents / 100})


async def delete_order(request: Request) -> Response:
    """Forget one order of the customer."""
    orders.delete(shop_of(request).connection, order_of(request))
    return Response(status_code=204)


async def delete_account(request: Request) -> Response:
    """Forget the customer and everything that belongs to the account."""
    accounts.delete(shop_of(request).connection, customer_of(request))
    return Response(status_code=204)


def _keep(request: Request, product: Product, quantity: int) -> Response:
    set_quantity(shop_of(request).connection, visitor_of(request).remember(), product, quantity)
    return _describe_cart(request)


def _describe_cart(request: Request) -> Response:
    cart = get_cart(shop_of(request).connection, visitor_of(request).session_id)
    lines = [{"product": line.product.id, "quantity": line.quantity} for line in cart.lines]
    return JSONResponse({"count": cart.count, "total": cart.total_cents / 100, "lines": lines})


async def _body_of(request: Request) -> dict[str, object]:
    # Another site's form cannot send this type, so it stands in for the form secret.
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise HTTPException(415, "Please send JSON.")
    try:
        body = await request.json()
    except json.JSONDecodeError as error:
        raise HTTPException(400, "This is not JSON.") from error
    if not isinstance(body, dict):
        raise HTTPException(400, "Please send a JSON object.")
    return body


def _product(product_id: object) -> Product:
    product = PRODUCTS.get(product_id) if isinstance(product_id, str) else None
    if product is None:
        raise HTTPException(404, "We do not have such a product.")
    return product


def _quantity(value: object) -> int:
    if not isinstance(value, int) or value < 1:
        raise HTTPException(422, "The quantity must be a whole number from 1.")
    return value
