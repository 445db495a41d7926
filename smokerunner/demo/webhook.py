"""How the provider signs what it tells the shop: `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>">`."""

from __future__ import annotations

import hashlib
import hmac

HEADER = "X-Provider-Signature"
_SECONDS_VALID = 300


def sign(secret: str, body: bytes, at: float) -> str:
    """The header for a body that is sent `at` this time, in seconds since 1970."""
    return f"t={int(at)},v1={_digest(secret, body, int(at))}"


def is_signed(secret: str, header: str, body: bytes, now: float) -> bool:
    """Whether whoever knows the secret has sent exactly this body within the last five minutes."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    at, digest = parts.get("t", ""), parts.get("v1", "")
    if not (at.isascii() and at.isdigit()) or abs(now - int(at)) > _SECONDS_VALID:
        return False
    return hmac.compare_digest(_digest(secret, body, int(at)).encode(), digest.encode())


def _digest(secret: str, body: bytes, at: int) -> str:
    return hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
