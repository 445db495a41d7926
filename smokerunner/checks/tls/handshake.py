"""Handshakes of our own: what a server shows, and which protocols it speaks."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from dataclasses import dataclass
from urllib.parse import urlsplit

from smokerunner.checks.tls.certificate import Validity, read_validity
from smokerunner.model.check import CheckContext, Silence
from smokerunner.web.trust import trusted

_PATIENCE = 10.0
"""Seconds a connection with its handshake may take."""
PROTOCOLS = {
    "TLS 1.0": ssl.TLSVersion.TLSv1,
    "TLS 1.1": ssl.TLSVersion.TLSv1_1,
    "TLS 1.2": ssl.TLSVersion.TLSv1_2,
    "TLS 1.3": ssl.TLSVersion.TLSv1_3,
}
Target = tuple[str, int]


@dataclass(frozen=True)
class Shown:
    """What a server showed at one of its addresses."""

    address: str
    protocol: str
    validity: Validity
    unverified: str = ""
    """Why nobody vouches for the certificate; empty when somebody does."""


@dataclass(frozen=True)
class Offer:
    """Whether a server speaks a protocol; `spoken` is None when that cannot be told, and `said` says why."""

    spoken: bool | None
    said: str = ""


async def look(ctx: CheckContext, origin: str) -> tuple[Shown, ...]:
    """What an https origin shows at each address that answers, verified if it can be; one look a run.

    Raises Silence when no address speaks TLS.
    """
    shown: tuple[Shown, ...] = await ctx.once(f"tls {origin}", lambda: _look(ctx, origin))
    return shown


async def is_verified(ctx: CheckContext, origin: str) -> bool:
    """Whether somebody vouches for an origin's certificate at every address. Raises Silence."""
    return not any(shown.unverified for shown in await look(ctx, origin))


async def offer(ctx: CheckContext, origin: str, protocol: str) -> Offer:
    """Whether an https origin speaks a protocol, tried at the first address that answers."""
    context = _speaking(PROTOCOLS[protocol])
    if not _can_greet(context):
        return Offer(None, f"this machine's OpenSSL does not speak {protocol} itself")
    name = urlsplit(origin).hostname or ""
    said = "no address"
    for target in await ctx.web.targets(origin):
        try:
            await _shake(target, name, context)
        except Silence as silence:
            if silence.kind == "tls":
                return Offer(False, str(silence))
            said = str(silence)
        else:
            return Offer(True)
    return Offer(None, said)


async def _look(ctx: CheckContext, origin: str) -> tuple[Shown, ...]:
    targets = await ctx.web.targets(origin)
    name = urlsplit(origin).hostname or ""
    found = await asyncio.gather(*(_look_at(target, name) for target in targets))
    shown = tuple(one for one in found if isinstance(one, Shown))
    if not shown:
        raise next((one for one in found if isinstance(one, Silence)), Silence("name", f"{name} has no address"))
    return shown


async def _look_at(target: Target, name: str) -> Shown | Silence:
    """A silent address is only told, as another may answer."""
    try:
        try:
            return await _shake(target, name, trusted())
        except ssl.SSLCertVerificationError as wrong:
            # Once more with both eyes shut, to see until when it is good.
            shown = await _shake(target, name, _trusting())
            return Shown(shown.address, shown.protocol, shown.validity, wrong.verify_message or str(wrong.reason))
    except Silence as silence:
        return silence


async def _shake(target: Target, name: str, context: ssl.SSLContext) -> Shown:
    """One handshake. Raises Silence, and SSLCertVerificationError as it is."""
    address, port = target
    where = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    try:
        async with asyncio.timeout(_PATIENCE):
            _, writer = await asyncio.open_connection(address, port, ssl=context, server_hostname=name)
    except TimeoutError as late:
        raise Silence("timeout", f"no TLS connection to {where} within {_PATIENCE:g} s") from late
    except ssl.SSLCertVerificationError:
        raise
    except ssl.SSLError as wrong:
        raise Silence("tls", f"no TLS connection to {where}: {_words(wrong)}") from wrong
    except (ConnectionResetError, ConnectionAbortedError, BrokenPipeError) as wrong:
        raise Silence("tls", f"no TLS connection to {where}: it hangs up during the handshake") from wrong
    except ConnectionRefusedError as wrong:
        raise Silence("refused", f"{where} refuses the connection") from wrong
    except OSError as wrong:
        raise Silence("refused", f"no connection to {where}: {wrong.strerror or wrong}") from wrong
    try:
        link: ssl.SSLObject = writer.get_extra_info("ssl_object")
        der = link.getpeercert(binary_form=True)
        try:
            validity = read_validity(der or b"")
        except ValueError as wrong:
            raise Silence("tls", f"the certificate of {where} cannot be read: {wrong}") from wrong
        return Shown(where, link.version() or "", validity)
    finally:
        # Nothing was said that would have to be ended politely.
        writer.transport.abort()


def _words(wrong: ssl.SSLError) -> str:
    return (wrong.reason or str(wrong)).replace("_", " ").lower()


def _trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _speaking(version: ssl.TLSVersion) -> ssl.SSLContext:
    """A context that speaks this version alone, however weak its ciphers are."""
    context = _trusting()
    with warnings.catch_warnings():
        # Python advises against old versions; here it is asked whether the server speaks them.
        warnings.simplefilter("ignore", DeprecationWarning)
        if version < ssl.TLSVersion.TLSv1_2:
            context.set_ciphers("ALL:@SECLEVEL=0")
        context.maximum_version = version
        context.minimum_version = version
    return context


def _can_greet(context: ssl.SSLContext) -> bool:
    """Whether our own OpenSSL can begin a handshake with this context at all."""
    link = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO())
    try:
        link.do_handshake()
    except ssl.SSLWantReadError:
        return True
    except ssl.SSLError:
        return False
    return True
