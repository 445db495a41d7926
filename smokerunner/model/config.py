"""The environment file, smokerunner.yaml: where the apps live, so that flow files stay portable."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, Self
from urllib.parse import urlsplit

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic import ValidationError as PydanticError
from pydantic_core import InitErrorDetails

from smokerunner.model.browsing import Browsing
from smokerunner.model.checking import Checks
from smokerunner.model.duration import Seconds
from smokerunner.model.flow import BaseUrl, Host, Name, VariableName, Variables
from smokerunner.model.frozen import Frozen, complaint
from smokerunner.model.matcher import UrlPattern
from smokerunner.model.template import Pattern, Template

if TYPE_CHECKING:
    from smokerunner.model.mail import Mailbox


class MailboxSettings(Protocol):
    """What a mailbox needs to be opened."""

    def open(self) -> "Mailbox":
        """The mailbox itself; raises Unavailable when it cannot be had."""
        ...


def _mailbox(value: Any, info: ValidationInfo) -> Any:
    """One kind with its settings; the kinds come with the validation context, as the mail room is not ours to know."""
    kinds: dict[str, Any] = (info.context or {}).get("mailboxes", {})
    if not isinstance(value, dict):
        if hasattr(value, "open"):
            return value
        raise ValueError(
            f"a mailbox is a mapping with its kind, such as {{maildev: {{url: …}}}}; kinds: {', '.join(kinds)}"
        )
    if len(value) != 1 or next(iter(value)) not in kinds:
        wrong = next((key for key in value if key not in kinds), None)
        if wrong is not None:
            raise complaint(f"no mailbox called '{wrong}'; there are {', '.join(kinds)}", wrong, at_key=True)
        raise ValueError(f"a mailbox has exactly one kind of {', '.join(kinds)}")
    kind, settings = next(iter(value.items()))
    try:
        return kinds[kind].model_validate(settings, context=info.context)
    except PydanticError as wrong:
        # The same complaints, one level further down: below the kind.
        raise PydanticError.from_exception_data(
            "mailbox",
            [
                InitErrorDetails(
                    type=error["type"], loc=(kind, *error["loc"]), input=error["input"], ctx=error.get("ctx", {})
                )
                for error in wrong.errors(include_url=False)
            ],
        ) from wrong


def _not_yet(_: Any, info: ValidationInfo) -> Any:
    raise complaint(f"'{info.field_name}' is not supported yet; take it out for now", at_key=True)


NotYet = Annotated[Any, BeforeValidator(_not_yet), WithJsonSchema({"not": {}})]
"""What belongs here one day; a file that has it is refused, so that nobody believes it is looked at."""


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


class ReleaseSource(Frozen):
    """How the build under test is known: a response header, a JSON path, or something in the page."""

    path: Template = Field(default=Template("/"), description="The path that is asked.")
    header: str | None = Field(default=None, description="The name of a response header.")
    json_: str | None = Field(default=None, alias="json", description="A JSONPath of the answer, such as $.release.")
    page: Pattern | None = Field(default=None, description="A regular expression; its first group is the release.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(item is not None for item in (self.header, self.json_, self.page)) != 1:
            raise ValueError("a release is read from exactly one of header, json or page")
        return self

    def __str__(self) -> str:
        if self.header is not None:
            return f"header {self.header} of {self.path}"
        return f"{self.json_} of {self.path}" if self.json_ is not None else f"/{self.page}/ in {self.path}"


class Environment(Frozen):
    """One place where an app runs."""

    base_url: BaseUrl | None = Field(default=None, description="Where the app is; overrides the flow file's.")
    production: bool = Field(default=False, description="Flows with `effects: real` run only with --allow-real.")
    read_only: bool = Field(
        default=False, description="Only flows with `effects: none` may send anything but GET, or open WebSockets."
    )
    allow_hosts: Annotated[tuple[Host, ...], BeforeValidator(_many)] = Field(
        default=(), description="Hosts that may be navigated to and written to, beside base_url's own; * is allowed."
    )
    allow_post: Annotated[tuple[UrlPattern, ...], BeforeValidator(_many)] = Field(
        default=(), description="Paths that may be written to although read_only is set."
    )
    resolve: dict[str, Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.\[\]:-]+$")]] = Field(
        default={}, description="Host names, or host:port, and the address:port to use for them."
    )
    release: ReleaseSource | None = Field(default=None, description="How the build under test is known.")
    mailbox: Annotated[
        MailboxSettings | None, PlainValidator(_mailbox, json_schema_input_type=dict[str, dict[str, Any]])
    ] = Field(default=None, description="Where the app's mail arrives.")
    mail_links: Literal["keep", "rebase"] = Field(
        default="keep", description="`rebase`: links that came by mail are opened on base_url's host."
    )
    secrets: dict[VariableName, VariableName] = Field(
        default={}, description="Which environment variable holds a secret's value, when not the one of its name."
    )
    variables: Variables = Field(default={}, description="Values that override the flow file's.")
    browser: Browsing | None = Field(
        default=None, description="How the browser is set up here, such as HTTP basic auth; overrides the flow file's."
    )
    connectivity: Annotated[tuple[str, ...], BeforeValidator(_many)] = Field(
        default=(), description="URLs that answer whenever this machine is online."
    )
    timeout: Seconds | None = Field(default=None, description="How long any step may take.")
    max_time: Seconds | None = Field(default=None, description="How long a whole run may take.")
    insecure_tls: bool = Field(default=False, description="Accept certificates that nobody vouches for.")

    checks: Checks | None = Field(default=None, description="What is asked beside the flows.")
    logs: NotYet = Field(default=None, description="Not yet: the app's logs.")
    targets: NotYet = Field(default=None, description="Not yet: error rate, response time, uptime.")
    rollback: NotYet = Field(default=None, description="Not yet: how to roll back.")
    notify: NotYet = Field(default=None, description="Not yet: whom to tell.")

    def mapped(self, url: str) -> str | None:
        """What `resolve` says about the host of a URL; what it says about host and port goes first."""
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
        return self.resolve.get(f"{parts.hostname}:{port}") or self.resolve.get(parts.hostname or "")


class AppSettings(Frozen):
    """An app and the environments it runs in."""

    environments: Annotated[dict[Name, Environment], Field(min_length=1)] = Field(description="By their names.")


class Config(Frozen):
    """The whole of smokerunner.yaml."""

    environment: Name | None = Field(default=None, description="The environment that is meant when none is named.")
    apps: Annotated[dict[Name, AppSettings], Field(min_length=1)] = Field(description="By the `app` of flow files.")
