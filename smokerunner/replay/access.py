"""What plain requests show the app, so that it lets them in as it lets the browser in: login, headers, certificate."""

from __future__ import annotations

import ssl
import tempfile
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from smokerunner.browser.outfit import origin_of
from smokerunner.model.browsing import Browsing, ClientCertificate
from smokerunner.model.errors import NotReached, Unavailable
from smokerunner.model.record import record
from smokerunner.replay.outfitting import browsing_of, hide_credentials
from smokerunner.replay.scope import Scope
from smokerunner.replay.world import World

if TYPE_CHECKING:
    import httpx


@record
class Access:
    """Only the origin of `base_url` is shown any of it."""

    base_url: str = ""
    browsing: Browsing = field(default_factory=Browsing)

    @classmethod
    def of(cls, world: World) -> Access:
        """What file and environment give for all flows; nothing when it follows from what a flow only learns."""
        scope = Scope(
            layers=(world.file.variables, world.environment.variables, world.options.variables),
            secrets=world.secrets,
            run_id=world.run_id,
        )
        try:
            browsing = scope.render(browsing_of(world.file, world.environment, None, world.path.parent))
        except NotReached:
            return cls()
        hide_credentials(browsing, world.secrets)
        return cls(world.base_url, browsing)

    def headers(self, url: str) -> dict[str, str]:
        """What a request to this address carries."""
        return {k: str(v) for k, v in self.browsing.headers.items()} if self._is_own(url) else {}

    def login(self, url: str) -> httpx.BasicAuth | None:
        """Name and password for this address."""
        login = self.browsing.http_credentials
        if login is None or not self._is_own(url):
            return None
        # Few environments ask for it, and it takes long to load.
        import httpx

        return httpx.BasicAuth(str(login.username), str(login.password))

    def trust(self, url: str, *, insecure: bool) -> bool | ssl.SSLContext:
        """Whose certificates are good, and the own ones with it. Raises Unavailable for one that is broken."""
        certificates = [
            item
            for item in self.browsing.client_certificates
            if origin_of(url) == (item.origin or origin_of(self.base_url)).rstrip("/")
        ]
        if not certificates and (insecure or not url.startswith("https:")):
            return not insecure
        from smokerunner.web.trust import trusted

        if not certificates:
            return trusted()
        import httpx

        context = httpx.create_ssl_context(verify=not insecure)
        for item in certificates:
            _show(context, item)
        return context

    def _is_own(self, url: str) -> bool:
        return bool(self.base_url) and origin_of(url) == origin_of(self.base_url)


def _show(context: ssl.SSLContext, item: ClientCertificate) -> None:
    passphrase = str(item.passphrase or "")
    try:
        if item.key is not None:
            # Without any passphrase, Python would ask the terminal for one.
            context.load_cert_chain(str(item.certificate), str(item.key), passphrase)
            return
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            file.write(_opened(Path(item.certificate), passphrase))
            file.flush()
            context.load_cert_chain(file.name)
    except (OSError, ValueError) as wrong:
        said = f"the client certificate {item.certificate.name} cannot be used: {wrong}"
        raise Unavailable(f"{said}; is its passphrase right?") from wrong


def _opened(path: Path, passphrase: str) -> bytes:
    """Key and certificates of a PKCS #12 file as PEM."""
    try:
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
    except ImportError as missing:
        raise Unavailable(
            f"to read {path.name}, run pip install 'smokerunner[signing]', or give certificate and key as PEM"
        ) from missing
    bundle = pkcs12.load_pkcs12(path.read_bytes(), passphrase.encode() or None)
    if bundle.key is None or bundle.cert is None:
        raise ValueError("it holds no certificate with its key")
    chain = [bundle.cert, *bundle.additional_certs]
    key = bundle.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key + b"".join(item.certificate.public_bytes(Encoding.PEM) for item in chain)
