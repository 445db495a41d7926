"""Signatures of bundles: Ed25519 in minisign's file formats, so that `minisign -V` can check them as well."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from dataclasses import field
from pathlib import Path
from types import ModuleType

from smokerunner.model.errors import BadInput
from smokerunner.model.record import record

_PLAIN = b"Ed"
_HASHED = b"ED"
_CHECKSUM = b"B2"
_COMMENT = "untrusted comment: "
_TRUSTED = "trusted comment: "


@record
class PublicKey:
    """Whose signatures are accepted; `key_id` is eight bytes."""

    key_id: bytes
    key: bytes

    @classmethod
    def read(cls, path: Path) -> PublicKey:
        """A public key file as `smokerunner keygen` or `minisign -G` write it. Raises BadInput."""
        raw = _decoded(path, _lines(path, "a public key"), "a public key", 42)
        if raw[:2] != _PLAIN:
            raise BadInput(f"{path}: not a public key for signatures; `smokerunner keygen` writes one (NAME.pub)")
        return cls(raw[2:10], raw[10:])

    @property
    def name(self) -> str:
        """The key id as minisign prints it."""
        return _named(self.key_id)

    def text(self) -> str:
        """The file's content."""
        body = base64.b64encode(_PLAIN + self.key_id + self.key).decode()
        return f"{_COMMENT}minisign public key {self.name}\n{body}\n"


@record
class PrivateKey:
    """What signs; never shown. `seed` are the 32 bytes that the key is made of."""

    key_id: bytes
    seed: bytes = field(repr=False)

    @classmethod
    def make(cls) -> PrivateKey:
        """A new key."""
        return cls(secrets.token_bytes(8), secrets.token_bytes(32))

    @classmethod
    def read(cls, path: Path) -> PrivateKey:
        """A private key file without a password, that nobody else can read. Raises BadInput."""
        lines = _lines(path, "a private key")
        if lines and "public key" in lines[0]:
            raise BadInput(f"{path}: this is the public key; signing needs the private one (NAME.key)")
        raw = _decoded(path, lines, "a private key", 158)
        if raw[2:4] != b"\0\0":
            raise BadInput(f"{path}: is protected by a password; use one of `smokerunner keygen` or `minisign -G -W`")
        if path.stat().st_mode & 0o077:
            raise BadInput(f"{path}: others can read this private key; `chmod 600 {path}` first")
        key = cls(raw[54:62], raw[62:94])
        if raw[:2] != _PLAIN or key.public().key != raw[94:126]:
            raise BadInput(f"{path}: not a whole private key; `smokerunner keygen` writes one (NAME.key)")
        return key

    def public(self) -> PublicKey:
        """The key that proves its signatures."""
        key = _ed25519().Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return PublicKey(self.key_id, key)

    def text(self) -> str:
        """The file's content."""
        # Neither a password nor the checksum that would go with it: what `minisign -G -W` leaves zero, too.
        raw = _PLAIN + b"\0\0" + _CHECKSUM + bytes(48) + self.key_id + self.seed + self.public().key + bytes(32)
        return f"{_COMMENT}minisign secret key {_named(self.key_id)}\n{base64.b64encode(raw).decode()}\n"

    def sign(self, content: bytes, comment: str) -> str:
        """A signature file for `content`; `comment` is one line that is signed as well."""
        key = _ed25519().Ed25519PrivateKey.from_private_bytes(self.seed)
        signature: bytes = key.sign(hashlib.blake2b(content).digest())
        whole: bytes = key.sign(signature + comment.encode())
        body = base64.b64encode(_HASHED + self.key_id + signature).decode()
        return (
            f"{_COMMENT}signature of smokerunner, check with `smokerunner verify --key` or `minisign -V`\n"
            f"{body}\n{_TRUSTED}{comment}\n{base64.b64encode(whole).decode()}\n"
        )


@record
class Signature:
    """What a signature file holds."""

    key_id: bytes
    signature: bytes
    comment: str
    whole: bytes

    @classmethod
    def parse(cls, content: bytes) -> Signature | None:
        """None when these bytes are no signature of ours."""
        lines = content.decode("utf-8", "replace").splitlines()
        if len(lines) != 4 or not lines[2].startswith(_TRUSTED):
            return None
        try:
            raw, whole = (base64.b64decode(line, validate=True) for line in (lines[1], lines[3]))
        except binascii.Error:
            return None
        if len(raw) != 74 or raw[:2] != _HASHED or len(whole) != 64:
            return None
        return cls(raw[2:10], raw[10:], lines[2].removeprefix(_TRUSTED), whole)

    @property
    def name(self) -> str:
        """The id of the key that made it, as it says itself."""
        return _named(self.key_id)

    def objection(self, content: bytes, key: PublicKey) -> str:
        """Why this does not prove `content`; empty when it does."""
        if self.key_id != key.key_id:
            return f"signed by key {self.name}, not by {key.name}"
        public = _ed25519().Ed25519PublicKey.from_public_bytes(key.key)
        from cryptography.exceptions import InvalidSignature

        try:
            public.verify(self.signature, hashlib.blake2b(content).digest())
            public.verify(self.whole, self.signature + self.comment.encode())
        except InvalidSignature:
            return (
                f"the signature of key {key.name} is not for these sums: they were made anew, or the key is a forgery"
            )
        return ""


def write_keys(base: Path) -> tuple[Path, Path, PublicKey]:
    """Make a pair: `<base>.key` for its owner alone, `<base>.pub` for all. Overwrites nothing; raises BadInput."""
    private, public = (base.with_name(f"{base.name}.{ending}") for ending in ("key", "pub"))
    for path in (private, public):
        if path.exists():
            raise BadInput(f"{path}: is there already, and a key is never overwritten; give another name with --out")
    key = PrivateKey.make()
    shown = key.public()
    for path, text, mode in ((private, key.text(), 0o600), (public, shown.text(), 0o644)):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except OSError as error:
            raise BadInput(f"{path}: cannot be written: {error.strerror or error}") from error
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
    return private, public, shown


def _ed25519() -> ModuleType:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError as error:
        raise BadInput("signatures need one more package: pip install 'smokerunner[signing]'") from error
    return ed25519


def _lines(path: Path, what: str) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadInput(f"{path}: {what} cannot be read there: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not {what}") from error


def _decoded(path: Path, lines: list[str], what: str, length: int) -> bytes:
    if len(lines) == 2 and lines[0].startswith(_COMMENT):
        try:
            raw = base64.b64decode(lines[1], validate=True)
        except binascii.Error:
            raw = b""
        if len(raw) == length:
            return raw
    ending = "pub" if "public" in what else "key"
    raise BadInput(f"{path}: not {what} for signatures; `smokerunner keygen` writes one (NAME.{ending})")


def _named(key_id: bytes) -> str:
    return key_id[::-1].hex().upper()
