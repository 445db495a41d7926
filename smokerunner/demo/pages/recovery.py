"""The links that come by mail: confirming an address and choosing a new password."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from smokerunner.demo import accounts
from smokerunner.demo.pages.entrance import explain_password, mail
from smokerunner.demo.shop import posted_form, render, see, shop_of, text_in, visitor_of

_USED_UP = "This link was used before, or a newer one replaced it."


async def confirm(request: Request) -> Response:
    """The customer followed the link of the first mail."""
    shop, visitor = shop_of(request), visitor_of(request)
    user = accounts.find_by_token(shop.connection, request.path_params["token"], "confirm")
    if user is None:
        raise HTTPException(404, _USED_UP)
    accounts.confirm(shop.connection, user)
    visitor.notify("Thank you, your email address is confirmed.")
    return see("/dashboard" if visitor.user else "/login")


async def show_forgot(request: Request) -> Response:
    """The form for somebody who forgot the password."""
    return render(request, "forgot.html", sent_to="")


async def forgot(request: Request) -> Response:
    """Mail a link, if there is such an account; the page says the same either way."""
    shop = shop_of(request)
    async with posted_form(request) as form:
        email = text_in(form, "email")
    user = accounts.find_by_email(shop.connection, email)
    if user is not None:
        link = f"{shop.settings.base_url}/reset/{accounts.issue_token(shop.connection, user, 'reset')}"
        await mail(request, "reset", user, "Reset your password", link=link)
    return render(request, "forgot.html", sent_to=email)


async def show_reset(request: Request) -> Response:
    """The form for a new password."""
    if accounts.find_by_token(shop_of(request).connection, request.path_params["token"], "reset") is None:
        raise HTTPException(404, _USED_UP)
    return render(request, "reset.html", error="")


async def reset(request: Request) -> Response:
    """Set the new password; the customer logs in with it next."""
    shop = shop_of(request)
    async with posted_form(request) as form:
        password = text_in(form, "password")
    user = accounts.find_by_token(shop.connection, request.path_params["token"], "reset")
    if user is None:
        raise HTTPException(404, _USED_UP)
    if error := explain_password(password):
        return render(request, "reset.html", status=422, error=error)
    accounts.change_password(shop.connection, user, password)
    visitor_of(request).notify("Your password is changed. You can log in with it now.")
    return see("/login")
