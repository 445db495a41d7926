"""The shop as an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from smokerunner.demo.database import connect
from smokerunner.demo.front import Front
from smokerunner.demo.pages import account, api, checkout, entrance, payment, recovery, shelves
from smokerunner.demo.settings import Settings
from smokerunner.demo.shop import LoginNeeded, Shop, render, see_login
from smokerunner.demo.worker import Worker

_STATIC = Path(__file__).parent / "static"
_BROKEN_LAYOUT = """
.top .wide { flex-direction: row-reverse; gap: 90px; }
.account-menu { margin-left: 0; }
.products, .products.three { grid-template-columns: repeat(2, minmax(0, 1fr)); }
"""
_BROKEN_LINE = "const settings = undefined;\nconst currency = settings.currency;\n"


def create_app(settings: Settings) -> Starlette:
    """The shop. Its database is opened and its worker started when the server starts the application.

    Setting `app.state.shop.stopping` lets slow answers end at once, so that a server can stop promptly.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        worker = Worker(settings.database)
        with closing(connect(settings.database)) as connection:
            app.state.shop = Shop(settings, connection, worker, asyncio.Event())
            if not settings.suffers("worker-stopped"):
                worker.start()
            try:
                yield
            finally:
                worker.stop()

    return Starlette(
        routes=_routes(settings),
        middleware=[Middleware(Front)],
        exception_handlers={LoginNeeded: _answer_login_needed, HTTPException: _answer_problem},
        lifespan=lifespan,
    )


def _routes(settings: Settings) -> list[BaseRoute]:
    broken = [Route("/static/cart.js", _serve_broken_cart)] if settings.suffers("js-error") else []
    if settings.suffers("stylesheet-missing"):
        broken.append(Route("/static/acorn.css", _serve_empty_stylesheet))
    elif settings.suffers("layout-broken"):
        broken.append(Route("/static/acorn.css", _serve_broken_layout))
    return [
        Route("/", shelves.home),
        Route("/shop", shelves.shop),
        Route("/shop/{product}", shelves.product),
        Route("/cart", shelves.cart),
        Route("/cart/empty", shelves.empty_cart, methods=["POST"]),
        Route("/checkout", checkout.show_checkout),
        Route("/checkout", checkout.place_order, methods=["POST"]),
        Route("/orders/{order}", checkout.show_order),
        Route("/orders/{order}/cancel", checkout.cancel_order, methods=["POST"]),
        Route("/orders/{order}/invoice", checkout.show_invoice),
        Route("/orders/{order}/invoice.txt", checkout.download_invoice),
        Route("/payments/webhook", payment.hear, methods=["POST"]),
        Route("/register", entrance.show_register),
        Route("/register", entrance.register, methods=["POST"]),
        Route("/login", entrance.show_login),
        Route("/login", entrance.log_in, methods=["POST"]),
        Route("/logout", entrance.log_out, methods=["POST"]),
        Route("/confirm/{token}", recovery.confirm),
        Route("/forgot", recovery.show_forgot),
        Route("/forgot", recovery.forgot, methods=["POST"]),
        Route("/reset/{token}", recovery.show_reset),
        Route("/reset/{token}", recovery.reset, methods=["POST"]),
        Route("/dashboard", account.dashboard),
        Route("/profile", account.show_profile),
        Route("/profile", account.save_profile, methods=["POST"]),
        Route("/profile/avatar", account.show_avatar),
        Route("/profile/avatar/remove", account.remove_avatar, methods=["POST"]),
        Route("/health", api.health),
        Route("/version", api.version),
        Route("/api/products", api.products),
        Route("/api/cart", api.show_cart),
        Route("/api/cart", api.add_to_cart, methods=["POST"]),
        Route("/api/cart/{product}", api.change_cart, methods=["PATCH"]),
        Route("/api/cart/{product}", api.remove_from_cart, methods=["DELETE"]),
        Route("/api/orders/{order}", api.show_order),
        Route("/api/orders/{order}", api.delete_order, methods=["DELETE"]),
        Route("/api/account", api.delete_account, methods=["DELETE"]),
        *broken,
        Mount("/static", StaticFiles(directory=_STATIC)),
    ]


async def _answer_login_needed(request: Request, _error: Exception) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": "Please log in first."}, status_code=401)
    return see_login(request)


async def _answer_problem(request: Request, error: Exception) -> Response:
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    if detail == HTTPStatus.NOT_FOUND.phrase:
        detail = "There is nothing at this address."
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": detail}, status_code=status)
    return render(request, "problem.html", status=status, code=status, detail=detail)


async def _serve_broken_cart(_request: Request) -> Response:
    script = _BROKEN_LINE + (_STATIC / "cart.js").read_text(encoding="utf-8")
    return Response(script, media_type="text/javascript")


async def _serve_empty_stylesheet(_request: Request) -> Response:
    return Response("", media_type="text/css")


async def _serve_broken_layout(_request: Request) -> Response:
    style = (_STATIC / "acorn.css").read_text(encoding="utf-8") + _BROKEN_LAYOUT
    return Response(style, media_type="text/css")
