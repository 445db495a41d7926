"""A request as a check's settings describe it: one method with its path, headers, and a body."""

from __future__ import annotations

import json
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import Field, GetJsonSchemaHandler, PlainValidator, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from smokerunner.model.check import Answer, CheckContext
from smokerunner.model.errors import Inconclusive
from smokerunner.model.frozen import Frozen, complaint
from smokerunner.model.matcher import join
from smokerunner.model.severity import Effects
from smokerunner.model.template import Template

METHODS = ("get", "post", "put", "patch", "delete", "head")
READING = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""
MOST_READ = 1_048_576
"""Bytes of an answer that are read."""
_ANONYMOUS = frozenset({"accept", "accept-language", "accept-encoding", "content-type", "user-agent", "origin"})
"""Headers that do not say who asks."""


def _templates(value: Any) -> Any:
    """JSON whose strings may hold references."""
    if isinstance(value, str):
        return value if isinstance(value, Template) else Template(value)
    if isinstance(value, dict):
        return {key: _templates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_templates(item) for item in value]
    return value


class Body(Frozen):
    """What a request carries: plain text, or `{json: …}`, or `{form: …}`."""

    text: Template | None = Field(default=None, description="The body as it stands.")
    json_: Annotated[Any, PlainValidator(_templates, json_schema_input_type=Any)] = Field(
        default=None, alias="json", description="A JSON body; numbers and booleans keep their type."
    )
    form: dict[str, Template] | None = Field(default=None, description="A form body.")

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"text": value}
        if isinstance(value, dict) and len(value) != 1:
            raise ValueError("a body is text, {json: …} or {form: …}")
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The short form is text, which editors may read as a number or a boolean."""
        return {"anyOf": [{"type": ["string", "number", "boolean"]}, handler(schema)]}

    def encoded(self) -> tuple[str, bytes]:
        """Its media type, and the bytes."""
        if self.text is not None:
            return "text/plain; charset=utf-8", self.text.encode()
        if self.form is not None:
            return "application/x-www-form-urlencoded", urlencode(self.form).encode()
        return "application/json", json.dumps(self.json_, ensure_ascii=False).encode()


class Call(Frozen):
    """One request: exactly one method with its path, and what it carries."""

    get: Template | None = Field(default=None, description="The path that is asked for.")
    post: Template | None = Field(default=None, description="The path that is posted to.")
    put: Template | None = Field(default=None, description="The path that is put to.")
    patch: Template | None = Field(default=None, description="The path that is patched.")
    delete: Template | None = Field(default=None, description="The path that is deleted.")
    head: Template | None = Field(default=None, description="The path whose head is asked for.")
    headers: dict[str, Template] = Field(default={}, description="Headers to send.")
    body: Body | None = Field(default=None, description="What to send: text, `{json: …}` or `{form: …}`.")
    effects_: Effects | None = Field(
        default=None, alias="effects", description="`none`: it changes nothing, and may be sent on production."
    )

    @model_validator(mode="before")
    @classmethod
    def _one_method(cls, value: Any) -> Any:
        if isinstance(value, dict):
            given = [key for key in value if key in METHODS]
            if len(given) > 1:
                raise complaint(
                    f"'{given[1]}' stands beside '{given[0]}'; a request has one method", given[1], at_key=True
                )
            if not given:
                raise ValueError(f"a request needs one of {', '.join(METHODS)} with a path")
        return value

    @property
    def method(self) -> str:
        """The method, upper case."""
        return next(name for name in METHODS if getattr(self, name) is not None).upper()

    @property
    def path(self) -> Template:
        """The path as written."""
        found: Template = getattr(self, self.method.lower())
        return found

    def url(self, ctx: CheckContext) -> str:
        """Where it goes."""
        return join(ctx.base_url, self.path)

    @property
    def credentials(self) -> frozenset[str]:
        """The names of the headers that may say who asks, in lower case."""
        return frozenset(name.lower() for name in self.headers) - _ANONYMOUS

    async def send(
        self,
        ctx: CheckContext,
        *,
        anonymous: bool = False,
        address: str | None = None,
        fresh: bool = False,
        timeout: float = 10.0,
    ) -> Answer:
        """The answer; `anonymous` leaves out who asks. Raises Silence, Refused, and Inconclusive as `require` does."""
        require_harmless(ctx, self.method, str(self.path), self.effects_)
        headers = {"accept": "application/json"}
        content = None
        if self.body is not None:
            headers["content-type"], content = self.body.encoded()
        hidden = self.credentials if anonymous else frozenset()
        headers |= {name.lower(): str(text) for name, text in self.headers.items() if name.lower() not in hidden}
        return await ctx.web.ask(
            self.url(ctx),
            method=self.method,
            headers=headers,
            body=content,
            limit=MOST_READ,
            timeout=timeout,
            address=address,
            fresh=fresh,
        )

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def require_harmless(ctx: CheckContext, method: str, what: str, effects: Effects | None) -> None:
    """Raises Inconclusive when this would change something where that is not to be, and nobody said that it may."""
    where = "on production" if ctx.production else "where only is read (`read_only`)" if ctx.read_only else ""
    if where and method not in READING and effects is not Effects.NONE:
        raise Inconclusive(f"{method} {what} was not sent {where}; add `effects: none` if it changes nothing")
