"""Keys of payment providers: which kind they are, and which must never be used or shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from smokerunner.model.errors import Inconclusive
from smokerunner.model.template import Template

Mode = Literal["live", "test"]
_KEY = re.compile(
    r"(?<![A-Za-z0-9_])(?:(?P<kind>pk|sk|rk)_(?P<mode>live|test)_[A-Za-z0-9]{16,}"
    r"|rzp_(?P<razor>live|test)_[A-Za-z0-9]{14}(?![A-Za-z0-9])|(?P<webhook>whsec)_[A-Za-z0-9+/=]{24,})"
)
_LEAST_VARIED = 6
"""Different characters that a real key has at least; examples are often `xxxx`."""


@dataclass(frozen=True)
class Key:
    """A key that stands somewhere. `mode` is None for secrets of webhooks, which do not tell."""

    text: str
    kind: Literal["publishable", "secret", "restricted", "webhook"]
    mode: Mode | None

    def __str__(self) -> str:
        """Enough to recognise it, and no more."""
        head = "_".join(self.text.split("_")[: 1 if self.kind == "webhook" else 2])
        return f"{head}_…{self.text[-4:]}" if self.kind == "publishable" else f"{head}_…"


def keys_in(text: str) -> Iterator[Key]:
    """Every key that stands in a text, examples left out."""
    for found in _KEY.finditer(text):
        if len(set(found[0].rpartition("_")[2])) < _LEAST_VARIED:
            continue
        mode: Any = found["mode"] or found["razor"]
        if found["webhook"]:
            yield Key(found[0], "webhook", None)
        elif found["kind"] in (None, "pk"):
            yield Key(found[0], "publishable", mode)
        else:
            yield Key(found[0], "secret" if found["kind"] == "sk" else "restricted", mode)


def _not_live(value: Template) -> Template:
    if re.match(r"(sk|rk)_live_|whsec_", value.strip()):
        raise ValueError(
            f"a key is no setting, and a live one is never used; write ${{secrets.NAME}} instead of {value[:8]}…"
        )
    return value


SecretKey = Annotated[Template, AfterValidator(_not_live)]
"""A key or signing secret; a live one that stands in the file is refused."""


def require_harmless_key(key: str, *, restricted: bool = False) -> None:
    """Raises Inconclusive for a live key, but one that may only read where `restricted` says so."""
    if key.startswith("sk_live_") or (key.startswith("rk_live_") and not restricted):
        other = "a restricted key that may only read (rk_live_…)" if restricted else "a test key"
        raise Inconclusive(f"{key[:8]}… is a live key: with it, money can be moved; give {other}")
