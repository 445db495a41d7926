"""How mailboxes with a web API are asked; turns everything that can go wrong into one sentence."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from smokerunner.mail.settings import WebMailboxSettings, WrongSettings
from smokerunner.mail.trouble import in_words
from smokerunner.model.errors import Unavailable

Shape = TypeVar("Shape")

_TIMEOUT = 10.0
"""Seconds that connecting, and each pause in an answer, may take."""


class MailApi:
    """Asks one web API. `product` is what should be answering there, for the messages."""

    def __init__(self, settings: WebMailboxSettings, product: str) -> None:
        self._address = settings.address
        self._product = product
        self._client = httpx.AsyncClient(
            base_url=self._address,
            auth=(settings.user, settings.password) if settings.user or settings.password else None,
            timeout=_TIMEOUT,
            follow_redirects=True,
            # A proxy set for the internet cannot reach what listens on this machine.
            trust_env=not _is_loopback(settings.url.host or ""),
        )
        self.clock_ahead = timedelta()
        """How far the server's clock was ahead of ours at the last answer; two seconds or less count as none."""

    async def ask(self, path: str, shape: TypeAdapter[Shape], **query: int) -> Shape:
        """The JSON answer, read as `shape`."""
        response = await self._get(path, **query)
        if response.status_code == httpx.codes.NOT_FOUND:
            raise WrongSettings(f"there is no {self._product} at {self._address}: {path} was not found")
        try:
            return shape.validate_json(response.content)
        except ValidationError as error:
            raise WrongSettings(
                f"what answers at {self._address} is not {self._product}: {path} is not its list of messages"
            ) from error

    async def ask_bytes(self, path: str) -> bytes | None:
        """The answer as it is, None when there is nothing at this path."""
        response = await self._get(path)
        return None if response.status_code == httpx.codes.NOT_FOUND else response.content

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _get(self, path: str, **query: int) -> httpx.Response:
        try:
            response = await self._client.get(path, params=query)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._unavailable(in_words(error, _TIMEOUT)) from error
        if response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise WrongSettings(
                f"the mailbox at {self._address} refused the login (HTTP {response.status_code}): "
                "check `user` and `password` under `mailbox:`"
            )
        if response.is_error and response.status_code != httpx.codes.NOT_FOUND:
            raise self._unavailable(f"HTTP {response.status_code} {response.reason_phrase}".rstrip())
        self.clock_ahead = _clock_ahead(response)
        return response

    def _unavailable(self, reason: str) -> Unavailable:
        return Unavailable(f"could not ask the mailbox at {self._address}: {reason}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _clock_ahead(response: httpx.Response) -> timedelta:
    try:
        ahead = parsedate_to_datetime(response.headers.get("date", "")) - datetime.now(UTC)
    except (ValueError, TypeError):
        return timedelta()  # no date, an unreadable one, or one without a zone: nothing can be said
    # The header has a resolution of one second, and the answer needed some time to come.
    return ahead if abs(ahead) > timedelta(seconds=2) else timedelta()
