"""Who is asking, as a server sees it: HTTP basic auth, headers, the language asked for, a client certificate."""

from __future__ import annotations

import base64
import secrets

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.site.obstacles.pages import answer, broken, said

_CREDENTIALS = "staging:let me through"


async def _basic(request: Request) -> Response:
    given = request.headers.get("Authorization", "")
    right = f"Basic {base64.b64encode(_CREDENTIALS.encode()).decode()}"
    # The deploy brought another file of passwords.
    if broken(request) == "password" or not secrets.compare_digest(given, right):
        refused = said("Unauthorized", "This server wants a name and a password.", 401)
        refused.headers["WWW-Authenticate"] = 'Basic realm="staging"'
        return refused
    return said("Staging", "You are let through.")


async def _headers(request: Request) -> Response:
    # A proxy that lets only the headers through that it knows.
    known = {} if broken(request) == "proxy" else request.headers
    run, tenant = known.get("X-Smoke-Run", "nobody"), known.get("X-Tenant", "nobody")
    return answer("headers", run=run, tenant=tenant)


async def _language(request: Request) -> Response:
    asked = request.headers.get("Accept-Language", "")
    german = asked.startswith("de") and broken(request) != "language"
    return answer("language", language="de" if german else "en", greeting="Willkommen" if german else "Welcome")


ROUTES = [Route("/basic-auth", _basic), Route("/headers", _headers), Route("/language", _language)]
