"""What `save` takes out of what a step saw."""

from typing import Any

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from smokerunner.model.errors import Failure
from smokerunner.model.frozen import Frozen, complaint, exactly_one
from smokerunner.model.matcher import Matcher
from smokerunner.model.template import Pattern, Template

_BARE = ("text", "value", "url")
PARTS = ("text", "value", "attribute", "url", "anchor", "header", "json")
ANYTHING = Matcher(matches=Pattern(r"(?s).*"))


class Source:
    """What a step saw, asked for one part at a time. A part that a source does not have is None."""

    async def text(self) -> str | None:
        """What a person reads."""
        return None

    async def value(self) -> str | None:
        """What a form field holds."""
        return None

    async def attribute(self, name: str) -> str | None:
        """An attribute of the element."""
        return None

    async def url(self) -> str | None:
        """Where the page, or the answer, came from."""
        return None

    async def anchor(self, matcher: Matcher) -> str | None:
        """Where the first link leads whose text, or whose address, is accepted."""
        return None

    async def header(self, name: str) -> str | None:
        """A header of the answer or the message, case ignored."""
        return None

    async def json(self, path: str) -> str | None:
        """What stands at a JSONPath of the answer, as text."""
        return None


_NAMED = ("attribute", "header", "json")


class Part(Frozen):
    """Exactly one part, and whether its value must be masked."""

    model_config = ConfigDict(
        json_schema_extra=exactly_one(*PARTS, alone=_NAMED, beside=("matches",)), defer_build=False
    )

    text: Matcher | None = Field(default=None, description="The text shown.")
    value: Matcher | None = Field(default=None, description="What a form field holds.")
    attribute: Template | None = Field(default=None, description="An attribute's value, by its name.")
    url: Matcher | None = Field(default=None, description="The URL.")
    anchor: Matcher | None = Field(default=None, description="Where the link with this text leads.")
    header: Template | None = Field(default=None, description="A header's value, by its name.")
    json_: Template | None = Field(default=None, alias="json", description="A JSONPath, such as $.order.id.")
    matches: Pattern | None = Field(
        default=None,
        description="Beside attribute, header, json: the first group is the value, or all that matched.",
    )
    secret: bool = Field(default=False, description="Mask the value wherever it shows.")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, str):
            if value not in _BARE:
                raise ValueError(
                    f"{value!r} is no part to save; write {', '.join(_BARE)} or a mapping such as "
                    "{url: {matches: …}}, {attribute: href}, {header: …}, {json: $.id}, {anchor: …}"
                )
            return {value: {"matches": ANYTHING.text}}
        if isinstance(value, dict):
            given = [key for key in value if key in PARTS]
            if len(given) > 1:
                raise complaint(f"'{given[1]}' stands beside '{given[0]}'; save one part", given[1], at_key=True)
            if given and value[given[0]] is None:
                raise complaint("null is no part to save", given[0])
            if not given and all(key in ("matches", "secret") for key in value):
                raise ValueError(f"what to save? one of {', '.join(PARTS)}")
            if "matches" in value and given and given[0] not in _NAMED:
                raise complaint(
                    f"write it as {{{given[0]}: {{matches: …}}}}; 'matches' goes with attribute, header and json",
                    "matches",
                    at_key=True,
                )
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The short form is a word."""
        return {"anyOf": [{"enum": list(_BARE)}, handler(schema)]}

    @property
    def kind(self) -> str:
        """Which part: one of `PARTS`."""
        return next(part for part in PARTS if getattr(self, "json_" if part == "json" else part) is not None)

    async def take(self, source: Source) -> str:
        """The value; raises Failure when the part is not there or does not match."""
        kind = self.kind
        matcher = Matcher(matches=self.matches) if self.matches is not None else ANYTHING
        if kind == "anchor":
            assert self.anchor is not None
            found = await source.anchor(self.anchor)
            asked = f"link {self.anchor}"
        elif kind in ("attribute", "header", "json"):
            name = str(self.json_ if kind == "json" else getattr(self, kind))
            read = source.json if kind == "json" else source.header if kind == "header" else source.attribute
            found, asked = await read(name), f"{kind} {name}"
        else:
            matcher = getattr(self, kind)
            read_all = {"text": source.text, "value": source.value, "url": source.url}[kind]
            found, asked = await read_all(), kind
        if found is None:
            raise Failure(f"nothing to save: there is no {asked}")
        value = matcher.extract(found)
        if value is None:
            flat = " ".join(found.split())
            # Secrets are masked only later: by then `…` tells that what stands before it may be the beginning of one.
            shown = flat if len(flat) <= 200 else flat[:199] + "…"
            raise Failure(f"nothing to save: {asked} is {shown!r}, which does not match {matcher}")
        return value.strip() if kind in ("text", "anchor") else value
