"""The whole of a first look: the tour, and what was really tried."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from smokerunner.browser.binary import Binary
from smokerunner.browser.launch import Engine
from smokerunner.browser.visitor import Visitor
from smokerunner.model.errors import Unavailable
from smokerunner.model.secret import Secrets
from smokerunner.scouting.drafting import EMAIL, FRESH_EMAIL, USER, Account, Trials
from smokerunner.scouting.filling import Filling, login_fillings, register_fillings
from smokerunner.scouting.recognition import Purpose
from smokerunner.scouting.touring import Itinerary, Place, Tour, tour
from smokerunner.scouting.trying import Tried, try_form


@dataclass(frozen=True)
class Request:
    """What is looked at, and what may be tried there."""

    itinerary: Itinerary
    account: Account
    password: str | None = None
    """What the account's secret holds; None: nobody set it."""
    http_credentials: tuple[str, str] | None = None
    try_register: bool = False


@dataclass(frozen=True)
class Survey:
    """What was found, and what came of trying it."""

    tour: Tour
    trials: Trials
    refused: bool
    """Whether something that was tried did not work."""


async def survey(binary: Binary, request: Request, tell: Callable[[str], None]) -> Survey:
    """Look at an app, and try what may be tried. Raises BadInput and Unavailable as `tour` does."""
    async with Engine(binary) as engine:
        async with Visitor(engine, credentials=request.http_credentials) as visitor:
            found = await tour(visitor, request.itinerary, tell)
        trials, refused = Trials(), False
        for purpose in (Purpose.REGISTER, Purpose.LOGIN):
            place = found.places.get(purpose)
            tried = await _try(engine, request, found, place, tell) if place is not None else None
            if tried is None:
                continue
            refused = refused or tried.view is None
            trials = replace(trials, **{str(purpose): tried})
    return Survey(found, trials, refused)


async def _try(
    engine: Engine, request: Request, found: Tour, place: Place, tell: Callable[[str], None]
) -> Tried | None:  # fmt: skip
    """What came of it; None when it was not to be tried."""
    asked = _fillings(request, place)
    if asked is None:
        return None
    fillings, values, done = asked
    async with Visitor(engine, credentials=request.http_credentials) as visitor:
        try:
            tried = await try_form(visitor, place, fillings, values, found.dismiss)
        except Unavailable as wrong:
            tried = Tried(says=str(wrong))
    if tried.view is not None:
        leaving = ", and out again" if tried.leaving is not None else ""
        tell(f"{done}{leaving}")
    else:
        said = Secrets({name: value for name, value in values.items() if "secrets." in name}).scrub(tried.says)
        tell(f"not {done}: {_quoted(said) if said else 'the form is still there'}")
    return tried


def _fillings(request: Request, place: Place) -> tuple[tuple[Filling, ...], Mapping[str, str], str] | None:
    account, secret = request.account, f"${{secrets.{request.account.secret}}}"
    if place.purpose is Purpose.LOGIN:
        if not account.username or request.password is None:
            return None
        values = {"username": account.username, f"secrets.{account.secret}": request.password}
        return login_fillings(place.form, USER, secret), values, f"logged in as {account.username}"
    if not request.try_register:
        return None
    unique = secrets.token_hex(4)
    values = {
        "email": FRESH_EMAIL.replace("${unique}", unique),
        "unique": unique,
        f"secrets.{account.secret}": request.password or f"Aa1-{secrets.token_urlsafe(12)}",
    }
    return register_fillings(place.form, EMAIL, secret), values, f"registered as {values['email']}"


def _quoted(text: str) -> str:
    return f"“{text}”" if len(text) < 150 else f"“{text[:149]}…”"
