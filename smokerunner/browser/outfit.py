"""What a browser context is made to be: a device, a place, a language, somebody with credentials."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import async_playwright

from smokerunner.model.browsing import Browsing, ClientCertificate
from smokerunner.model.record import record

Device = Mapping[str, Any]
"""What Playwright knows of a device: its viewport, scale, user agent, and whether it is touched."""
_OF_A_DEVICE = ("user_agent", "device_scale_factor", "is_mobile", "has_touch", "screen")


@record
class Outfit:
    """How a context differs from a plain one. `browsing` is rendered, and its files are found from anywhere."""

    browsing: Browsing = field(default_factory=Browsing)
    device: Device | None = None

    @property
    def scale(self) -> float:
        """Its screen's pixels to a CSS pixel."""
        return float((self.device or {}).get("device_scale_factor", 1))

    def options(self, base_url: str) -> dict[str, Any]:
        """What Playwright is told when it opens the context of an app; the size of the window is another's business."""
        wanted, origin = self.browsing, origin_of(base_url)
        place, login, device = wanted.geolocation, wanted.http_credentials, self.device or {}
        options = {name: device[name] for name in _OF_A_DEVICE if name in device}
        said = {
            "locale": wanted.locale,
            "timezone_id": wanted.timezone,
            "color_scheme": wanted.color_scheme,
            "reduced_motion": {None: None, True: "reduce", False: "no-preference"}[wanted.reduced_motion],
            "geolocation": place and place.model_dump(),
            "permissions": [*dict.fromkeys((*wanted.permissions, *(("geolocation",) if place else ())))] or None,
            "http_credentials": login
            and {"username": str(login.username), "password": str(login.password), "origin": origin},
            "client_certificates": [_certificate(item, origin) for item in wanted.client_certificates] or None,
        }
        return {**options, **{name: value for name, value in said.items() if value is not None}}


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, without a name and password in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _certificate(certificate: ClientCertificate, origin: str) -> dict[str, str]:
    made = {"origin": certificate.origin or origin}
    if certificate.key is None:
        made["pfxPath"] = str(certificate.certificate)
    else:
        made |= {"certPath": str(certificate.certificate), "keyPath": str(certificate.key)}
    return made if certificate.passphrase is None else {**made, "passphrase": str(certificate.passphrase)}


def devices() -> dict[str, Device]:
    """Every device that Playwright knows, by its name; its driver is started for it, which takes half a second."""
    # A thread of its own, since nobody knows whether an event loop is running here already.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _asked()).result()


async def _asked() -> dict[str, Device]:
    async with async_playwright() as driver:
        return dict(driver.devices)
