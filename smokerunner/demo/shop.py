"""What the pages share: the parts of one running shop, and the ways a request is read and answered."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from smokerunner.demo import orders
from smokerunner.demo.accounts import User
from smokerunner.demo.catalogue import price
from smokerunner.demo.settings import Settings
from smokerunner.demo.visitor import Visitor
from smokerunner.demo.worker import Worker


def _make_templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("smokerunner.demo"),
        autoescape=lambda name: name is not None and not name.endswith(".txt"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["price"] = price
    return templates


@dataclass(frozen=True)
class Shop:
    """The parts of one running shop. `connection` belongs to the thread of the event loop."""

    settings: Settings
    connection: sqlite3.Connection
    worker: Worker
    stopping: asyncio.Event
    templates: Environment = field(default_factory=_make_templates)

    async def dawdle(self, fault: str, seconds: float) -> None:
        """Be slow if the deploy brought this fault. Answers 503 as soon as the shop stops."""
        if not self.settings.suffers(fault):
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
                raise HTTPException(503, "The shop is closing.")


class LoginNeeded(Exception):
    """Somebody who is not logged in asked for a page of an account."""


def shop_of(request: Request) -> Shop:
    """The shop that serves this request."""
    shop: Shop = request.app.state.shop
    return shop


def visitor_of(request: Request) -> Visitor:
    """Who sent this request."""
    visitor: Visitor = request.state.visitor
    return visitor


def customer_of(request: Request) -> User:
    """The customer who sent this request. `LoginNeeded` when nobody is logged in."""
    user = visitor_of(request).user
    if user is None:
        raise LoginNeeded
    return user


def render(request: Request, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """One page of the shop with what every page needs: who is logged in, the cart's badge, the form secret."""
    shop, visitor = shop_of(request), visitor_of(request)
    html = shop.templates.get_template(template).render(
        path=request.url.path,
        release=shop.settings.served_release,
        user=visitor.user,
        csrf=visitor.csrf,
        notice=visitor.take_notice(),
        cart_count=orders.get_cart(shop.connection, visitor.session_id).count,
        suffers=shop.settings.suffers,
        **facts,
    )
    return HTMLResponse(html, status_code=status)


def see(path: str) -> RedirectResponse:
    """After a form: go and look at this page."""
    return RedirectResponse(path, status_code=303)


def see_login(request: Request) -> RedirectResponse:
    """Ask for the password first and come back afterwards; after a form, to the start of the account."""
    wanted = request.url.path if request.method == "GET" else "/dashboard"
    return see(f"/login?next={quote(wanted, safe='/')}")


@asynccontextmanager
async def posted_form(request: Request) -> AsyncIterator[FormData]:
    """The fields of a posted form, uploads included. Answers 403 when the form is not one of this visitor's."""
    async with request.form() as form:
        if not secrets.compare_digest(text_in(form, "csrf").encode(), visitor_of(request).csrf.encode()):
            raise HTTPException(403, "This form is too old. Please go back, reload the page and try again.")
        yield form


def text_in(form: FormData, name: str) -> str:
    """A text field without the blanks around it; empty when it was not sent."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""
