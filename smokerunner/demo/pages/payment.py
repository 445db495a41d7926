"""What the card provider tells the shop when a customer has, or has not, confirmed a payment."""

from __future__ import annotations

import json
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from smokerunner.demo import orders
from smokerunner.demo.shop import shop_of
from smokerunner.demo.webhook import HEADER, is_signed


async def hear(request: Request) -> Response:
    """Make an order paid, or take it back; 403 for what the provider has not signed."""
    shop, body = shop_of(request), await request.body()
    if not is_signed(shop.settings.webhook_secret, request.headers.get(HEADER, ""), body, time.time()):
        return JSONResponse({"error": "This is not signed by the provider."}, status_code=403)
    if shop.settings.suffers("webhook-lost"):
        return Response(status_code=204)
    told = json.loads(body)
    if told["paid"]:
        orders.settle(shop.connection, told["payment"])
    else:
        orders.withdraw(shop.connection, told["payment"])
    return Response(status_code=204)
