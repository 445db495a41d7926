"""What a fact can ask for beyond a plain text or target: a number, a text of an element, a request, a file."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from smokerunner.model.frozen import Frozen, exactly_one
from smokerunner.model.matcher import Matcher, UrlPattern
from smokerunner.model.number import counted
from smokerunner.model.target import PlainTarget, Target
from smokerunner.model.template import Template


class Download(Frozen):
    """A file that the browser received."""

    name: Matcher | None = Field(default=None, description="The suggested file name.")
    at_least: int | None = Field(default=None, ge=0, description="The smallest size in bytes that is right.")
    at_most: int | None = Field(default=None, ge=0, description="The largest size in bytes that is right.")
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, description="The sum of a file that must not change."
    )
    contains: Matcher | None = Field(
        default=None, description="What stands in the file, read as text; of a PDF, in its pages."
    )

    def __str__(self) -> str:
        return "a file" if self.name is None else str(self.name)


class Count(Frozen):
    """How many elements match, visible or not."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 2})

    of: PlainTarget = Field(description="What is counted.")
    is_: int | None = Field(default=None, alias="is", ge=0, description="Exactly so many.")
    at_least: int | None = Field(default=None, ge=0, description="So many or more.")
    at_most: int | None = Field(default=None, ge=0, description="So many or fewer.")

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        bounds = (self.is_, self.at_least, self.at_most)
        if all(bound is None for bound in bounds):
            raise ValueError("a count needs is, at_least or at_most")
        return self

    def accepts(self, number: int) -> bool:
        """Whether `number` is within what was asked."""
        return (
            (self.is_ is None or number == self.is_)
            and (self.at_least is None or number >= self.at_least)
            and (self.at_most is None or number <= self.at_most)
        )

    @property
    def wanted(self) -> str:
        """What was asked, for a message."""
        said = [str(self.is_)] if self.is_ is not None else []
        said += [f"at least {self.at_least}"] if self.at_least is not None else []
        said += [f"at most {self.at_most}"] if self.at_most is not None else []
        return " and ".join(said)


class Reading(Frozen):
    """What an element shows or holds."""

    of: Target = Field(description="Which element.")
    reads: Matcher = Field(description="What must stand there.")


class State(Frozen):
    """A yes or no about an element; `is: no` asks for the opposite."""

    of: Target = Field(description="Which element.")
    is_: bool = Field(default=True, alias="is", description="`no` asks for the opposite.")


class AriaFact(Frozen):
    """The accessibility tree of an element, in Playwright's aria snapshot notation."""

    of: Target | None = Field(default=None, description="Which element; by default the page.")
    snapshot: Template = Field(description="What its accessibility tree contains.")

    def __str__(self) -> str:
        return "the page" if self.of is None else str(self.of)


class ConsoleFact(Frozen):
    """What the app wrote to the browser's console since this attempt began."""

    model_config = ConfigDict(json_schema_extra=exactly_one("errors", "says"))

    errors: int | None = Field(default=None, ge=0, description="At most so many errors of the app's own origin.")
    says: Matcher | None = Field(default=None, description="A message that has been written.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.errors is None) == (self.says is None):
            raise ValueError("console needs one of errors or says")
        return self

    def __str__(self) -> str:
        return f"says {self.says}" if self.says is not None else f"at most {counted(self.errors or 0, 'error')}"


class RequestFact(Frozen):
    """A request that the page has made, and had answered, since this attempt began."""

    url: UrlPattern = Field(description="Where: a path such as /api/orders/*, or a whole URL.")
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] | None = Field(
        default=None, description="How; without it, any."
    )
    status: int | None = Field(default=None, ge=100, le=599, description="The answer's HTTP status; without it, any.")
    times: int | None = Field(default=None, ge=0, description="Exactly so often; without it, at least once.")

    def __str__(self) -> str:
        asked = f"{self.method} {self.url}" if self.method else str(self.url)
        return asked + (f" with status {self.status}" if self.status is not None else "")


class SocketFact(Frozen):
    """A WebSocket that the page has opened since this attempt began, and what went over it as text."""

    url: UrlPattern = Field(description="Where: a path such as /live, or a whole ws:// or wss:// URL.")
    sent: Matcher | None = Field(default=None, description="A message that the page has sent.")
    received: Matcher | None = Field(default=None, description="A message that has come.")
    is_open: bool | None = Field(default=None, description="Whether it is open now.")

    def __str__(self) -> str:
        return f"a WebSocket to {self.url}"
