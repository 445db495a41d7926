"""A shop at https://shop.test, on loopback: both of its ports, and a certificate of an authority of our own."""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import trustme

from smokerunner.model.check import Check, Finding
from tests.checks.bench import Answering, Reply, SmallSite, ask, serving

URL = "https://shop.test"
HSTS = ("strict-transport-security", "max-age=31536000")


@cache
def authority() -> trustme.CA:
    return trustme.CA()


def certificate(*names: str, by: trustme.CA | None = None, **more: Any) -> ssl.SSLContext:
    """What a server shows for these names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (by or authority()).issue_cert(*(names or ("shop.test",)), **more).configure_cert(context)
    return context


@dataclass(frozen=True)
class Shop:
    https: SmallSite | None
    http: SmallSite | None
    resolve: Mapping[str, str]

    def ask(self, check: Check, base_url: str = URL, **more: Any) -> Finding:
        return ask(check, base_url, resolve=self.resolve, **more)


def to_https(request: Any) -> Reply:
    return Reply(301, headers={"location": f"{URL}{request.path}"})


@contextmanager
def shop(
    answers: Answering | Mapping[str, Reply] | None,
    plain: Answering | Mapping[str, Reply] | None = to_https,
    shown: ssl.SSLContext | None = None,
) -> Iterator[Shop]:
    """`answers` over https and `plain` over http; None: nothing listens there."""
    with ExitStack() as stack:
        stack.enter_context(trusting(authority()))
        resolve = {"shop.test": "127.0.0.1:9", "shop.test:443": "127.0.0.1:9", "shop.test:80": "127.0.0.1:9"}
        https = http = None
        if answers is not None:
            https = stack.enter_context(serving(answers, shown or certificate()))
            resolve["shop.test:443"] = f"127.0.0.1:{https.port}"
        if plain is not None:
            http = stack.enter_context(serving(plain))
            resolve["shop.test:80"] = f"127.0.0.1:{http.port}"
        yield Shop(https, http, resolve)


@contextmanager
def trusting(ca: trustme.CA) -> Iterator[None]:
    """Trust this authority and no other."""
    before = os.environ.get("SSL_CERT_FILE")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "authority.pem"
        ca.cert_pem.write_to_path(file)
        os.environ["SSL_CERT_FILE"] = str(file)
        try:
            yield
        finally:
            if before is None:
                del os.environ["SSL_CERT_FILE"]
            else:
                os.environ["SSL_CERT_FILE"] = before
