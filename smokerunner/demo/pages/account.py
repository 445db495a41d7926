"""What a customer sees of the own account."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response

from smokerunner.demo import accounts, orders
from smokerunner.demo.accounts import Avatar
from smokerunner.demo.shop import customer_of, posted_form, render, see, shop_of, text_in, visitor_of

_LARGEST_AVATAR_BYTES = 1_000_000
_KINDS_OF_PICTURE = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


async def dashboard(request: Request) -> Response:
    """The start of an account: the greeting and the orders."""
    user = customer_of(request)
    return render(request, "dashboard.html", orders=orders.list_orders(shop_of(request).connection, user))


async def show_profile(request: Request) -> Response:
    """The form for name and avatar."""
    user = customer_of(request)
    if shop_of(request).settings.suffers("debug-page"):
        return _show_traceback(request)
    return render(request, "profile.html", name=user.name, errors={})


async def save_profile(request: Request) -> Response:
    """Keep the name, and the avatar when one was chosen."""
    shop, user = shop_of(request), customer_of(request)
    errors = {}
    async with posted_form(request) as form:
        name = text_in(form, "name")
        upload = form.get("avatar")
        content = await upload.read() if isinstance(upload, UploadFile) else b""
    avatar = _recognise(content)
    if not name:
        errors["name"] = "Please tell us your name."
    if content and avatar is None:
        errors["avatar"] = "Please choose a PNG, JPEG or GIF of at most 1 MB."
    if errors:
        return render(request, "profile.html", status=422, name=name, errors=errors)
    accounts.rename(shop.connection, user, name)
    if avatar is not None:
        accounts.set_avatar(shop.connection, user, avatar)
    visitor_of(request).notify("Your profile is saved.")
    return see("/profile")


async def remove_avatar(request: Request) -> Response:
    """Back to the initials."""
    shop, user = shop_of(request), customer_of(request)
    async with posted_form(request):
        accounts.set_avatar(shop.connection, user, None)
    visitor_of(request).notify("Your avatar is removed.")
    return see("/profile")


async def show_avatar(request: Request) -> Response:
    """The customer's picture."""
    avatar = accounts.get_avatar(shop_of(request).connection, customer_of(request))
    if avatar is None:
        raise HTTPException(404, "There is no avatar yet.")
    return Response(avatar.content, media_type=avatar.media_type)


def _recognise(content: bytes) -> Avatar | None:
    for start, media_type in _KINDS_OF_PICTURE.items():
        if content.startswith(start) and len(content) <= _LARGEST_AVATAR_BYTES:
            return Avatar(content, media_type)
    return None


def _show_traceback(request: Request) -> Response:
    # The real page of Starlette's debug mode: what customers would see of a deploy that left it on.
    return ServerErrorMiddleware(request.app, debug=True).debug_response(request, _frame_of_avatar())


def _frame_of_avatar() -> KeyError:
    try:
        raise KeyError("avatar_frame")
    except KeyError as error:
        return error
