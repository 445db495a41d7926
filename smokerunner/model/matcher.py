"""The one way text is compared: a part, exactly, or by a regular expression."""

import re
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, model_serializer, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from smokerunner.model.frozen import Frozen, complaint, exactly_one
from smokerunner.model.template import Pattern, Template


def _without_part(schema: dict[str, Any]) -> None:
    del schema["properties"]["part"]
    exactly_one("is", "matches")(schema)


class Matcher(Frozen):
    """A plain string is a part, case ignored; `{is: …}` is exact; `{matches: …}` is a regular expression."""

    model_config = ConfigDict(json_schema_extra=_without_part, defer_build=False)

    part: Template | None = Field(default=None, exclude=True)
    is_: Template | None = Field(default=None, alias="is", description="Exactly this text, case included.")
    matches: Pattern | None = Field(default=None, description="A regular expression; ${x} inside it is escaped.")

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"part": value}
        if isinstance(value, dict) and "part" in value:
            raise complaint("a part is written as plain text, without a key", "part", at_key=True)
        return value

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(item is not None for item in (self.part, self.is_, self.matches)) != 1:
            raise ValueError("a text is matched by a plain string, {is: …} or {matches: …}")
        return self

    @model_serializer
    def _short(self) -> Any:
        if self.part is not None:
            return str(self.part)
        return {"is": str(self.is_)} if self.is_ is not None else {"matches": str(self.matches)}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The short form is text, which editors may read as a number or a boolean."""
        return {"anyOf": [{"type": ["string", "number", "boolean"]}, handler(schema)]}

    @property
    def is_exact(self) -> bool:
        """Whether case and every character count."""
        return self.is_ is not None

    @property
    def text(self) -> str:
        """The text or expression as written."""
        return str(self.part if self.part is not None else self.is_ if self.is_ is not None else self.matches)

    def __str__(self) -> str:
        if self.matches is not None:
            return f"/{self.matches}/"
        return f'exactly "{self.is_}"' if self.is_ is not None else f'"{self.part}"'

    def accepts(self, text: str) -> bool:
        """Whether `text` matches; runs of white space count as one blank."""
        if self.matches is not None:
            return re.search(self.matches, text) is not None
        seen = " ".join(text.split())
        if self.is_ is not None:
            return seen == " ".join(self.is_.split())
        return " ".join((self.part or "").split()).casefold() in seen.casefold()

    def extract(self, text: str) -> str | None:
        """The first group's text, or the whole text when there is no group; None when it does not match."""
        if self.matches is not None:
            found = re.search(self.matches, text)
            if found is None:
                return None
            return found[0] if not found.re.groups else (found[1] or "")
        return text if self.accepts(text) else None


class UrlPattern(Template):
    """`/a?x=1`: the path exactly (`*` within a segment, `**` across), the named query keys must match, others are
    free. Paths are appended to base_url's own path; `//x` is the host's root; an absolute URL also fixes the host.
    """

    def accepts(self, url: str, base_url: str) -> bool:
        """Whether the page's `url` is the one meant."""
        return self._accepts(join(base_url, self), url)

    def accepts_socket(self, url: str, base_url: str) -> bool:
        """Whether a WebSocket's `url` is the one meant; below an http address a path stands for ws, https for wss."""
        return self._accepts(_over_http(join(base_url, self)), _over_http(url))

    @staticmethod
    def _accepts(pattern: str, url: str) -> bool:
        wanted, seen = urlsplit(pattern), urlsplit(url)
        if (wanted.scheme, wanted.netloc) != (seen.scheme, seen.netloc):
            return False
        path = re.escape(wanted.path or "/").replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
        if re.fullmatch(path, seen.path or "/") is None:
            return False
        if wanted.fragment and wanted.fragment != seen.fragment:
            return False
        have = parse_qsl(seen.query, keep_blank_values=True)
        return all(pair in have for pair in parse_qsl(wanted.query, keep_blank_values=True))


def _over_http(url: str) -> str:
    return re.sub(r"^ws(s?):", r"http\1:", url)


def join(base_url: str, path: str) -> str:
    """An absolute URL: `/x` below base_url's own path, `//x` below the host's root, `http…` as it stands."""
    if re.match(r"[a-z][a-z0-9+.-]*:", path):
        return path
    base = urlsplit(base_url)
    root = f"{base.scheme}://{base.netloc}"
    if path.startswith("//"):
        return root + path[1:]
    below = base.path.rstrip("/")
    if path.startswith(("?", "#")):
        return f"{root}{base.path or '/'}{path}"
    return f"{root}{below}/{path.removeprefix('/')}"
