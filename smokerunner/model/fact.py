"""What can be true of a page: the facts of `expect` and of `when`, each able to look once."""

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    model_validator,
)

from smokerunner.model.errors import Failure
from smokerunner.model.frozen import Frozen
from smokerunner.model.matcher import Matcher, UrlPattern
from smokerunner.model.target import PlainTarget, Target
from smokerunner.model.wanted import AriaFact, ConsoleFact, Count, Download, Reading, RequestFact, SocketFact, State

if TYPE_CHECKING:
    from smokerunner.model.context import Context


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def _state(value: Any) -> Any:
    return value if isinstance(value, dict) and ("of" in value or "is" in value) else {"of": value}


def _aria(value: Any) -> Any:
    return {"snapshot": value} if isinstance(value, str) else value


def _place(value: Any, info: ValidationInfo) -> UrlPattern | Matcher:
    # Not a pydantic union: text would fit both members, and each would add its name to every error's place.
    if isinstance(value, str):
        return value if isinstance(value, UrlPattern) else UrlPattern(value)
    return Matcher.model_validate(value, context=info.context)


def _written(value: UrlPattern | Matcher) -> Any:
    # A union of a string class and a model writes both as strings.
    return value.model_dump() if isinstance(value, Matcher) else str(value)


Place = Annotated[
    UrlPattern | Matcher,
    PlainValidator(_place, json_schema_input_type=str | Matcher),
    PlainSerializer(_written),
]

Targets = Annotated[tuple[Target, ...], BeforeValidator(_many)]
PlainTargets = Annotated[tuple[PlainTarget, ...], BeforeValidator(_many)]
States = Annotated[tuple[Annotated[State, BeforeValidator(_state)], ...], BeforeValidator(_many)]


class Facts(Frozen):
    """Facts about the page, each one value or a list; all of them must hold."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1}, defer_build=False)

    url: Annotated[tuple[Place, ...], BeforeValidator(_many)] = Field(
        default=(), description="Where the page is: a path such as /orders/*?tab=open, or a matcher."
    )
    title: Annotated[tuple[Matcher, ...], BeforeValidator(_many)] = Field(default=(), description="The page's title.")
    visible: Targets = Field(default=(), description="Elements that a person can see.")
    hidden: PlainTargets = Field(default=(), description="Elements that nobody can see, or that are not there.")
    count: Annotated[tuple[Count, ...], BeforeValidator(_many)] = Field(default=(), description="How many there are.")
    value: Annotated[tuple[Reading, ...], BeforeValidator(_many)] = Field(
        default=(), description="What a form field holds."
    )
    text_of: Annotated[tuple[Reading, ...], BeforeValidator(_many)] = Field(
        default=(), description="What an element shows."
    )
    checked: States = Field(default=(), description="A checkbox or radio that is on.")
    enabled: States = Field(default=(), description="A control that can be used.")
    focused: Targets = Field(default=(), description="The element that has the keyboard.")
    status: int | None = Field(
        default=None, ge=100, le=599, description="The HTTP status of the document that is now shown."
    )
    aria: Annotated[tuple[Annotated[AriaFact, BeforeValidator(_aria)], ...], BeforeValidator(_many)] = Field(
        default=(), description="An aria snapshot that the page, or an element, contains."
    )
    console: Annotated[tuple[ConsoleFact, ...], BeforeValidator(_many)] = Field(
        default=(), description="What was written to the console."
    )
    requests: Annotated[tuple[RequestFact, ...], BeforeValidator(_many)] = Field(
        default=(), description="Requests that the page made."
    )
    websockets: Annotated[tuple[SocketFact, ...], BeforeValidator(_many)] = Field(
        default=(), description="WebSockets that the page opened, and what went over them."
    )
    download: Annotated[tuple[Download, ...], BeforeValidator(_many)] = Field(
        default=(), description="A file that was downloaded during this flow."
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("expects nothing; name at least one fact, such as url, visible or text_of")
        return self

    async def look(self, context: "Context", *, late: bool) -> list[str]:
        """What does not hold at this moment, a sentence each; empty when all holds.

        `late` allows fallbacks and the slower, more helpful messages: the grace is over.
        """
        # Only a run looks at a page; reading a flow file would pay for the import.
        from smokerunner.model.observing import OBSERVERS

        wrong: list[str] = []
        for name, observe in OBSERVERS.items():
            value = getattr(self, name)
            for item in value if isinstance(value, tuple) else () if value is None else (value,):
                try:
                    complaint = await observe(item, context, late)
                except Failure as changed:
                    # The page moved on while it was looked at; the next look sees what it has become.
                    complaint = str(changed)
                if complaint is not None:
                    wrong.append(complaint)
        return wrong

    def __str__(self) -> str:
        said = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            if value not in ((), None):
                items = value if isinstance(value, tuple) else (value,)
                said.append(f"{name.replace('_', ' ')} {', '.join(_brief(item) for item in items)}")
        return "; ".join(said)


def _brief(item: Any) -> str:
    inner = getattr(item, "of", None)
    return str(inner) if isinstance(inner, Target) else str(item)
