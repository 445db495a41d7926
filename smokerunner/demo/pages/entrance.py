"""Registering, logging in and logging out."""

from __future__ import annotations

import logging
import re

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from smokerunner.demo import accounts, letters
from smokerunner.demo.shop import posted_form, render, see, shop_of, text_in, visitor_of

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_BARE_500 = "<!doctype html><title>500</title><h1>Internal Server Error</h1>"
_log = logging.getLogger(__name__)


async def show_register(request: Request) -> Response:
    """The form for a new account."""
    return render(request, "register.html", errors={}, name="", email="")


async def register(request: Request) -> Response:
    """Open the account, mail the confirmation link and log the customer in."""
    shop, visitor = shop_of(request), visitor_of(request)
    async with posted_form(request) as form:
        name, email, password = (text_in(form, field) for field in ("name", "email", "password"))
    errors = {
        "name": "" if name else "Please tell us your name.",
        "email": "" if _EMAIL.fullmatch(email) else "This does not look like an email address.",
        "password": explain_password(password),
    }
    user = None
    if not any(errors.values()):
        try:
            user = accounts.register(shop.connection, name, email, password)
        except accounts.EmailTaken:
            errors["email"] = "There is an account with this email already."
    if user is None:
        return render(request, "register.html", status=422, errors=errors, name=name, email=email)
    visitor.enter(user)
    link = f"{shop.settings.base_url}/confirm/{accounts.issue_token(shop.connection, user, 'confirm')}"
    await mail(request, "confirm", user, "Welcome to Acorn: please confirm your email", link=link)
    return see("/dashboard")


async def show_login(request: Request) -> Response:
    """The form to log in; `next` is the page to come back to."""
    return render(request, "login.html", email="", problem="", next=_own_path(request.query_params.get("next", "")))


async def log_in(request: Request) -> Response:
    """Check the password and go on to the page that was wanted."""
    shop, visitor = shop_of(request), visitor_of(request)
    if shop.settings.suffers("login-500"):
        return HTMLResponse(_BARE_500, status_code=500)
    async with posted_form(request) as form:
        email, password, wanted = (text_in(form, field) for field in ("email", "password", "next"))
    user = accounts.authenticate(shop.connection, email, password)
    if user is None:
        return render(
            request,
            "login.html",
            status=401,
            email=email,
            problem="Wrong e-mail or password",
            next=_own_path(wanted),
        )
    visitor.enter(user)
    if shop.settings.suffers("session-lost"):
        visitor.new_cookie = "lost"
    return see(_own_path(wanted) or "/dashboard")


async def log_out(request: Request) -> Response:
    """End the session."""
    visitor = visitor_of(request)
    async with posted_form(request):
        visitor.leave()
    visitor.notify("You are logged out. See you soon.")
    return see("/")


async def mail(request: Request, template: str, user: accounts.User, subject: str, **facts: str) -> None:
    """Send a mail to a customer; when the mail server is away the customer is told on the next page."""
    shop = shop_of(request)
    if shop.settings.suffers("mail-lost"):
        return
    message = letters.write(shop.templates, template, user.email, subject, name=user.name, **facts)
    try:
        await letters.send(message, shop.settings.smtp_port)
    except letters.NotSent as error:
        _log.error("no mail to user %s: %s", user.id, error)
        visitor_of(request).notify("We could not send you a mail just now. Please try again later.")


def explain_password(password: str) -> str:
    """What is wrong with a new password; empty when nothing is."""
    if len(password) >= accounts.SHORTEST_PASSWORD:
        return ""
    return f"A password needs at least {accounts.SHORTEST_PASSWORD} characters."


def _own_path(wanted: str) -> str:
    # Anything but a path of our own would let a link send people elsewhere after they logged in.
    return wanted if re.match(r"/(?![/\\])", wanted) else ""
