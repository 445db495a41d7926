"""Whose certificates are good: those of the system's authorities, or of the ones that SSL_CERT_FILE names."""

from __future__ import annotations

import os
import ssl
from functools import cache
from pathlib import Path


def trusted() -> ssl.SSLContext:
    """A context that verifies chain and host name; the same one for all as long as the environment says the same."""
    return _trusted(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _trusted(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    # OpenSSL itself reads both variables.
    context = ssl.create_default_context()
    folder = ssl.get_default_verify_paths().capath
    if not context.get_ca_certs() and (folder is None or not any(Path(folder).iterdir())):
        # Some builds of Python, and some small images, come without authorities; httpx brings a list.
        import certifi

        context.load_verify_locations(certifi.where())
    return context
