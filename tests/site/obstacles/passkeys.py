"""A server that registers passkeys and lets their owners in: challenge, origin and signature are checked."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.site.obstacles.pages import broken


def routes() -> list[BaseRoute]:
    """The three requests of the page, with keys and open challenges in memory."""
    challenges: set[str] = set()
    keys: dict[str, tuple[str, bytes]] = {}

    def is_answered(client: dict[str, Any], kind: str, request: Request) -> bool:
        """Whether the browser answered a challenge of ours, once, from our own pages."""
        asked = client["challenge"]
        if asked not in challenges or client["type"] != kind:
            return False
        challenges.remove(asked)
        return bool(client["origin"] == f"http://{request.headers['Host']}")

    async def challenge(_: Request) -> Response:
        made = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        challenges.add(made)
        return JSONResponse({"challenge": made})

    async def register(request: Request) -> Response:
        given = await request.json()
        if not is_answered(json.loads(_bytes(given["clientData"])), "webauthn.create", request):
            return JSONResponse({"said": "That was not our question"}, status_code=400)
        # Shown as added, but the table of keys is read-only.
        if broken(request) != "store":
            keys[given["id"]] = (given["name"], _bytes(given["key"]))
        return JSONResponse({"said": "Passkey added"})

    async def login(request: Request) -> Response:
        given = await request.json()
        client, seen = _bytes(given["clientData"]), _bytes(given["authenticatorData"])
        if not is_answered(json.loads(client), "webauthn.get", request) or given["id"] not in keys:
            return JSONResponse({"said": "We do not know this passkey"}, status_code=401)
        name, key = keys[given["id"]]
        public = load_der_public_key(key)
        assert isinstance(public, ec.EllipticCurvePublicKey)
        try:
            signed = seen + hashlib.sha256(client).digest()
            public.verify(_bytes(given["signature"]), signed, ec.ECDSA(SHA256()))
        except InvalidSignature:
            return JSONResponse({"said": "The signature is wrong"}, status_code=401)
        return JSONResponse({"said": f"Welcome back, {name}"})

    return [Route(f"/passkeys/{action.__name__}", action, methods=["POST"]) for action in (challenge, register, login)]


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
