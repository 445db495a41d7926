"""A request beside the browser, with the page's own cookies."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, PlainValidator, ValidationInfo, model_validator

from smokerunner.model.errors import Failure, Unavailable
from smokerunner.model.frozen import Frozen, complaint
from smokerunner.model.matcher import Matcher, join
from smokerunner.model.part import Source
from smokerunner.model.step import Seen, Step
from smokerunner.model.template import Template

if TYPE_CHECKING:
    from smokerunner.model.context import Answer, Context

METHODS = ("get", "post", "put", "patch", "delete", "head")


def _templates(value: Any) -> Any:
    """JSON whose strings may hold references."""
    if isinstance(value, str):
        return value if isinstance(value, Template) else Template(value)
    if isinstance(value, dict):
        return {key: _templates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_templates(item) for item in value]
    return value


Json = Annotated[Any, PlainValidator(_templates, json_schema_input_type=Any)]


class Request(Frozen):
    """A request: exactly one method with its path, and what it carries."""

    get: Template | None = None
    post: Template | None = None
    put: Template | None = None
    patch: Template | None = None
    delete: Template | None = None
    head: Template | None = None
    headers: dict[str, Template] = Field(default={}, description="Headers to send.")
    json_: Json = Field(default=None, alias="json", description="A JSON body; numbers and booleans keep their type.")
    form: dict[str, Template] = Field(default={}, description="A form body.")

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
            if "json" in value and "form" in value:
                raise complaint("a request carries json or a form, not both", "form", at_key=True)
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

    def __str__(self) -> str:
        return f"{self.method.lower()} {self.path}"


def _condition(value: Any, info: ValidationInfo) -> Any:
    """Text and `{is}` / `{matches}` are matchers; anything else must be equal."""
    if isinstance(value, Matcher):
        return value
    if isinstance(value, str) or (isinstance(value, dict) and set(value) <= {"is", "matches"} and value):
        return Matcher.model_validate(value, context=info.context)
    return value


Condition = Annotated[Any, PlainValidator(_condition, json_schema_input_type=Any)]


class Wanted(Frozen):
    """What the answer must be."""

    status: int | None = Field(default=None, ge=100, le=599, description="Without it, any below 400.")
    headers: dict[str, Matcher] = Field(default={}, description="Headers: name: matcher.")
    text: Matcher | None = Field(default=None, description="What stands in the body.")
    json_: dict[str, Condition] = Field(
        default={}, alias="json", description="JSONPath: matcher for text, or a value that must be equal."
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("answer needs status, headers, text or json")
        return self


class Api(Step):
    """Send a request with the page's own cookies, outside the page.

    Example: `api: {delete: "/api/orders/${order}"}`, beside it `answer: {status: 204}`
    """

    action: ClassVar[str] = "api"
    changes: ClassVar[bool] = False
    saves: ClassVar[frozenset[str]] = frozenset({"text", "header", "json", "url"})
    api: Request
    answer: Wanted | None = Field(default=None, description="What the answer must be; by default any status below 400.")
    accept: Literal["json", "any"] = Field(default="any", description="`json` sends Accept: application/json.")

    async def run(self, context: "Context") -> Seen:
        """Send it and judge the answer."""
        headers = {**({"accept": "application/json"} if self.accept == "json" else {}), **self.api.headers}
        answer = await context.page.answer(
            self.api.method,
            join(context.base_url, self.api.path),
            headers=headers,
            json=self.api.json_,
            form=self.api.form or None,
            timeout=context.remaining,
        )
        context.notes.value = f"{answer.status} ({len(answer.body)} bytes)"
        wrong = judge(self.answer, answer, context.secrets.scrub)
        if wrong:
            raise Failure(f"{answer.method} {answer.url} answered {'; '.join(wrong)}")
        return Seen(AnswerSource(answer))


def judge(wanted: Wanted | None, answer: "Answer", scrub: Callable[[str], str]) -> list[str]:
    """What is wrong with an answer, a phrase each, with what was seen; `scrub` masks secrets."""
    wrong = []
    # Masked before it is cut: half a secret would not be known for one.
    shown = " ".join(scrub(answer.body.decode("utf-8", "replace")).split())[:200]
    if wanted is None or wanted.status is None:
        if answer.status >= 400:
            wrong.append(f"status {answer.status}: {shown}")
    elif answer.status != wanted.status:
        wrong.append(f"status {answer.status}, not {wanted.status}: {shown}")
    if wanted is None:
        return wrong
    for name, matcher in wanted.headers.items():
        seen = answer.headers.get(name.lower())
        if seen is None or not matcher.accepts(seen):
            wrong.append(f"header {name} {'missing' if seen is None else repr(seen)}, not {matcher}")
    if wanted.text is not None and not wanted.text.accepts(answer.body.decode("utf-8", "replace")):
        wrong.append(f"a body without {wanted.text}: {shown}")
    for path, condition in wanted.json_.items():
        wrong += _json_differences(path, condition, answer, scrub)
    return wrong


def _json_differences(path: str, condition: Any, answer: "Answer", scrub: Callable[[str], str]) -> list[str]:
    try:
        found = values_at(path, answer)
    except ValueError as not_json:
        return [str(not_json)]
    if not found:
        return [f"nothing at {path}"]
    seen = found[0]
    held = condition.accepts(_as_text(seen)) if isinstance(condition, Matcher) else seen == condition
    return [] if held else [f"{path} = {scrub(json.dumps(seen, ensure_ascii=False))[:200]}, not {condition}"]


def values_at(path: str, answer: "Answer") -> list[Any]:
    """Everything a JSONPath finds in the answer; raises ValueError when the body is not JSON."""
    from jsonpath import JSONPathError, findall

    try:
        document = json.loads(answer.body)
    except ValueError:
        kind = answer.headers.get("content-type", "no content type")
        raise ValueError(f"something that is not JSON ({kind})") from None
    try:
        return list(findall(path if path.startswith("$") else f"$.{path}", document))
    except JSONPathError as wrong:
        raise Unavailable(f"{path!r} is not a JSONPath: {str(wrong).splitlines()[0]}") from wrong


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class AnswerSource(Source):
    """What `save` can read of an answer."""

    def __init__(self, answer: "Answer") -> None:
        self._answer = answer

    async def text(self) -> str | None:
        """The body."""
        return self._answer.body.decode("utf-8", "replace")

    async def url(self) -> str | None:
        """Where the answer came from, after redirects."""
        return self._answer.url

    async def header(self, name: str) -> str | None:
        """A header by its name, case ignored."""
        return self._answer.headers.get(name.lower())

    async def json(self, path: str) -> str | None:
        """The first value at a JSONPath, as text."""
        try:
            found = values_at(path, self._answer)
        except ValueError as not_json:
            raise Failure(f"the answer is {not_json}") from not_json
        return _as_text(found[0]) if found else None
