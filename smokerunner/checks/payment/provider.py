"""A request to the payment provider, which is no host of the app's."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from smokerunner.model.check import Answer
from smokerunner.web.client import Client


async def ask_provider(
    url: str,
    *,
    check: str,
    headers: Mapping[str, str],
    method: str = "GET",
    body: bytes | None = None,
    timeout: float = 10.0,
) -> Answer:
    """Its answer; `check` is the id of who asks, `timeout` in seconds. Raises Silence and Refused."""
    # No other check may ask this host, and what opens the app is not for it.
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    client = Client(
        base_url=origin, origins=(origin,), resolve={}, per_second=1, at_once=1, agent=f"smokerunner ({check})"
    )
    try:
        return await client.counted().ask(url, method=method, headers=headers, body=body, timeout=timeout, fresh=True)
    finally:
        await client.close()
