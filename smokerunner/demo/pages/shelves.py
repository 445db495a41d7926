"""The pages everybody can see: home, the shop, its products, and the cart."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from smokerunner.demo import orders
from smokerunner.demo.catalogue import PRODUCTS, search
from smokerunner.demo.orders import MOST_OF_ONE, get_cart
from smokerunner.demo.shop import posted_form, render, see, shop_of, visitor_of

_SLOW_PAGE_SECONDS = 2.5
_FEATURED = ("watering-can", "oak-notebook", "terracotta-pot", "brass-pencil")


async def home(request: Request) -> Response:
    """The first page."""
    return render(request, "home.html", featured=[PRODUCTS[product] for product in _FEATURED])


async def shop(request: Request) -> Response:
    """All products, or those that `q` asks for."""
    await shop_of(request).dawdle("slow-pages", _SLOW_PAGE_SECONDS)
    query = request.query_params.get("q", "").strip()
    return render(request, "shop.html", query=query, products=search(query))


async def product(request: Request) -> Response:
    """One product."""
    await shop_of(request).dawdle("slow-pages", _SLOW_PAGE_SECONDS)
    found = PRODUCTS.get(request.path_params["product"])
    if found is None:
        raise HTTPException(404, "We do not have such a product.")
    beside = [other for other in PRODUCTS.values() if other.shelf == found.shelf and other is not found]
    return render(request, "product.html", product=found, beside=beside[:3], most=MOST_OF_ONE)


async def cart(request: Request) -> Response:
    """What was put aside."""
    contents = get_cart(shop_of(request).connection, visitor_of(request).session_id)
    return render(request, "cart.html", cart=contents, most=MOST_OF_ONE)


async def empty_cart(request: Request) -> Response:
    """Take everything out."""
    async with posted_form(request):
        orders.empty_cart(shop_of(request).connection, visitor_of(request).remember())
    return see("/cart")
