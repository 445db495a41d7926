"""A check: something that is asked of the app beside its flows, and all that it may touch while it asks."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, TypeVar

from pydantic import Field

from smokerunner.model.duration import Seconds
from smokerunner.model.errors import Inconclusive
from smokerunner.model.flow import Name
from smokerunner.model.frozen import Frozen
from smokerunner.model.outcome import Outcome, worst
from smokerunner.model.record import record
from smokerunner.model.result import Reading
from smokerunner.model.severity import Effects, Severity

if TYPE_CHECKING:
    from smokerunner.model.context import Clock
    from smokerunner.model.mail import Mailbox
    from smokerunner.model.secret import Secrets

_MOST_TOLD = 3
"""How many bad readings the message of a check tells one by one."""
Kept = TypeVar("Kept")


@record
class Finding:
    """What a check saw. `severity` overrides the check's own where what was seen is worse or less bad than usual."""

    outcome: Outcome
    message: str = ""
    readings: tuple[Reading, ...] = ()
    severity: Severity | None = None
    weak: str = ""
    """Why passing proves less than one would wish; empty when the evidence is as good as it gets."""
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, readings: Iterable[Reading], *, weak: str = "", severity: Severity | None = None) -> "Finding":
        """The worst of several readings, its bad ones in the message; without any reading nothing can be told."""
        readings = tuple(readings)
        outcome = worst(reading.outcome for reading in readings)
        if outcome is Outcome.SKIPPED:
            return cls(outcome if readings else Outcome.INCONCLUSIVE, "nothing was asked", readings)
        bad = [reading for reading in readings if reading.outcome is outcome and outcome is not Outcome.PASSED]
        told = [str(reading) for reading in bad[:_MOST_TOLD]]
        if bad[_MOST_TOLD:]:
            told.append(f"and {len(bad) - _MOST_TOLD} more")
        warnings = tuple(str(reading) for reading in readings if reading.outcome is Outcome.WARNED)
        return cls(outcome, "; ".join(told), readings, severity if bad else None, weak, warnings)

    def graver(self, severity: Severity) -> "Finding":
        """The same with another severity."""
        return replace(self, severity=severity)


class Silence(Inconclusive):
    """A request that got no HTTP answer. A check for which that is a failure catches it."""

    def __init__(self, kind: str, message: str) -> None:
        """`kind`: refused, timeout, tls, name, broken (the answer is no HTTP, or breaks off)."""
        super().__init__(message)
        self.kind = kind


class Refused(Inconclusive):
    """A request that was not sent: its host is not among those that may be asked, or the host has had enough."""


@record
class Phases:
    """Where the time of one request went, in seconds; what did not happen is 0."""

    name: float = 0.0
    connect: float = 0.0
    tls: float = 0.0
    first_byte: float = 0.0
    """From the request's being sent to the first byte of the answer's head."""
    transfer: float = 0.0
    total: float = 0.0


@record
class Answer:
    """One HTTP answer. The body is decoded, and cut at the limit that was asked for."""

    method: str
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    """In their order, names in lower case; a header that came twice stands twice."""
    body: bytes = b""
    truncated: bool = False
    phases: Phases = field(default_factory=Phases)
    address: str = ""
    """The address and port that was asked."""

    def header(self, name: str) -> str | None:
        """The first header of this name."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every header of this name."""
        return tuple(value for key, value in self.headers if key == name.lower())

    @property
    def content_type(self) -> str:
        """The media type in lower case without parameters; empty when there is none."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")

    @property
    def location(self) -> str:
        """Where a redirect leads, as an absolute URL; empty when it is none, or leads nowhere."""
        from urllib.parse import urljoin

        target = self.header("location")
        if not target or not 300 <= self.status < 400:
            return ""
        try:
            return urljoin(self.url, target)
        except ValueError:
            # As `http://[` is.
            return ""

    def __str__(self) -> str:
        said = f"{self.status} {self.content_type}".strip()
        return f"{said}, to {self.location}" if self.location else f"{said}, {len(self.body)} bytes"


class Web(Protocol):
    """A polite HTTP client: few requests a second, bounded answers, configured hosts only, redirects never followed."""

    async def ask(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limit: int = 262_144,
        timeout: float = 10.0,
        address: str | None = None,
        fresh: bool = False,
        follow: int = 0,
    ) -> Answer:
        """Send one request; the path is sent as it stands, dots and all. A path alone is one below base_url.

        The same GET without `fresh` is answered from memory when it was asked before in this run with the same limit;
        a fresh one has a connection of its own. `address` (an IP address) sends it there. `limit` is in bytes of the
        decoded body, `timeout` in seconds for the whole. So many redirects as `follow` says are followed, as long as
        they stay on the app's own hosts. Raises Silence and Refused.
        """
        ...

    async def addresses(self, host: str) -> tuple[str, ...]:
        """All addresses of a host, IPv4 and IPv6. Raises Silence."""
        ...

    async def targets(self, url: str) -> tuple[tuple[str, int], ...]:
        """The addresses and ports where the origin of a URL is asked, `resolve` included. Raises Silence."""
        ...

    @property
    def sent(self) -> int:
        """How many requests this check has sent so far."""
        ...


@record
class Ran:
    """What a command on the app's server said. The output is capped."""

    code: int
    out: str
    err: str


class Server(Protocol):
    """The machine that the app runs on, here or by ssh."""

    async def run(self, command: Sequence[str], *, timeout: float = 30.0) -> Ran:
        """Run a program with arguments, no shell. Raises Unavailable when it cannot be run at all or takes too long."""
        ...

    async def artisan(self, *arguments: str) -> Ran:
        """Run Laravel's artisan in the app's folder."""
        ...


@record
class Cookie:
    """A cookie as a browser keeps it. `expires` is in seconds since 1970; None ends with the session."""

    name: str
    domain: str
    path: str
    secure: bool
    http_only: bool
    same_site: str
    """Strict, Lax, None, or empty when the app did not say."""
    expires: float | None = None


@record
class Visit:
    """What a real browser met at an address: the page it ended at, the cookies it was given, what it asked for."""

    url: str
    status: int | None
    html: str
    cookies: tuple[Cookie, ...]
    requests: tuple[tuple[str, str], ...]
    """Kind (document, script, stylesheet, image, xhr …) and URL of every request."""


@record
class CheckContext:
    """All that a check may touch."""

    base_url: str
    """Without a slash at its end."""
    origins: tuple[str, ...]
    """Every origin that belongs to the app: of base_url and of `hosts`, over http and https where both have a known
    port; base_url's own first."""
    production: bool
    read_only: bool
    """Whether nothing may be written here but what says that it has no effects."""
    web: Web
    server: Server | None
    secrets: "Secrets"
    clock: "Clock"
    run_id: str
    expected_release: str | None
    resolvers: tuple[str, ...]
    """address:port of the name servers to ask for records; empty: the system's."""
    mailbox: "Callable[[], Awaitable[Mailbox]]"
    """Opens the environment's mailbox. Raises Unavailable."""
    visit: Callable[[str], Awaitable[Visit]]
    """Goes to an address in a browser without cookies, and waits for its load; the same visit is made once a run."""
    once: Callable[[str, Callable[[], Awaitable[Any]]], Awaitable[Any]]
    """`await once(key, make)`: what make gives, made once a run whoever asks first; its exception is raised again."""
    keep: Callable[[str, bytes], str]
    """Puts a file into the evidence, by its name; secrets in it are masked. Its path in the bundle."""


class Check(Frozen):
    """The base of all checks. A subclass says what it asks, declares its settings as fields, and asks in `run`."""

    id: ClassVar[str] = ""
    """`family.name`; a family of configured checks ends in `.*`, and its members get their names in the file."""
    asks: ClassVar[str] = ""
    """The question, as a person would ask it."""
    passes: ClassVar[str] = ""
    """What must be seen to pass."""
    means: ClassVar[Severity] = Severity.MEDIUM
    """What a failure means."""
    source: ClassVar[str] = ""
    """Where the criterion comes from."""
    effects: ClassVar[Effects] = Effects.NONE
    needs_browser: ClassVar[bool] = False
    alone: ClassVar[bool] = False
    """Whether nothing else may be asked meanwhile, as it would be measured with it; such checks come last."""
    default_timeout: ClassVar[float] = 60.0
    """Seconds after which the check is given up as inconclusive."""

    severity: Severity | None = Field(default=None, description="What a failure means here.")
    timeout: Seconds | None = Field(default=None, description="How long the check may take as a whole.")
    tags: tuple[Name, ...] = Field(default=(), description="Words to choose checks by.")
    on_failure: Literal["fail", "warn"] = Field(
        default="fail", description="`warn`: a failure is told, and is no reason to roll back."
    )

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask. Raises Failure, Inconclusive, Unavailable or NotReached as steps do; NotReached becomes `skipped`."""
        raise NotImplementedError


@record
class Asked:
    """A check under the name that it has in this environment."""

    id: str
    check: Check
    source: str = ""
    """file:line where it is configured; `preset laravel` when nobody wrote it down."""

    @property
    def severity(self) -> Severity:
        """What a failure means."""
        return self.check.severity or self.check.means
