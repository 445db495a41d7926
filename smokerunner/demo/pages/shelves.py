"""The pages everybody can see: home, the shop, its products, and the cart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from smokerunner.demo import orders
from smokerunner.demo.catalogue import PRODUCTS, Product, search
from smokerunner.demo.orders import MOST_OF_ONE, get_cart
from smokerunner.demo.shop import posted_form, render, see, shop_of, visitor_of

_SLOW_PAGE_SECONDS = 4.0
_FEATURED = ("watering-can", "oak-notebook", "terracotta-pot", "brass-pencil")
_MISPRINTED, _MISPRINT_CENTS = "terracotta-pot", 2100


async def home(request: Request) -> Response:
    """The first page."""
    return render(request, "home.html", featured=_shown(request, map(PRODUCTS.__getitem__, _FEATURED)))


async def shop(request: Request) -> Response:
    """All products, or those that `q` asks for."""
    await shop_of(request).dawdle("slow-pages", _SLOW_PAGE_SECONDS)
    query = request.query_params.get("q", "").strip()
    return render(request, "shop.html", query=query, products=_shown(request, search(query)))


async def product(request: Request) -> Response:
    """One product."""
    await shop_of(request).dawdle("slow-pages", _SLOW_PAGE_SECONDS)
    found = PRODUCTS.get(request.path_params["product"])
    if found is None:
        raise HTTPException(404, "We do not have such a product.")
    beside = [other for other in PRODUCTS.values() if other.shelf == found.shelf and other is not found]
    shown = _shown(request, [found])[0]
    return render(request, "product.html", product=shown, beside=_shown(request, beside[:3]), most=MOST_OF_ONE)


def _shown(request: Request, products: Iterable[Product]) -> list[Product]:
    """Products as the pages show them, which after a bad deploy is not at the price they are sold at."""
    misprinted = _MISPRINTED if shop_of(request).settings.suffers("wrong-price") else ""
    return [replace(one, cents=_MISPRINT_CENTS) if one.id == misprinted else one for one in products]


async def cart(request: Request) -> Response:
    """What was put aside."""
    contents = get_cart(shop_of(request).connection, visitor_of(request).session_id)
    return render(request, "cart.html", cart=contents, most=MOST_OF_ONE)


async def empty_cart(request: Request) -> Response:
    """Take everything out."""
    async with posted_form(request):
        orders.empty_cart(shop_of(request).connection, visitor_of(request).remember())
    return see("/cart")
