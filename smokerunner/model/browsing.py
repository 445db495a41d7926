"""How a flow's browser is set up: what it seems to be, where, for whom, and what it does not load."""

from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from smokerunner.model.frozen import Frozen
from smokerunner.model.matcher import UrlPattern
from smokerunner.model.template import Template

Permission = Literal[
    "camera",
    "clipboard-read",
    "clipboard-write",
    "geolocation",
    "microphone",
    "midi",
    "notifications",
    "storage-access",
]
HEADER = r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"
"""A token of RFC 9110."""
LOCALE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$"
ORIGIN = r"^https://[^\s/?#]+$"
HeaderName = Annotated[str, StringConstraints(pattern=HEADER)]


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


class Geolocation(Frozen):
    """Where on earth the browser says it is, in degrees; `accuracy` in metres."""

    latitude: float = Field(ge=-90, le=90, description="Degrees north.")
    longitude: float = Field(ge=-180, le=180, description="Degrees east.")
    accuracy: float = Field(default=0, ge=0, description="Metres.")


class HttpCredentials(Frozen):
    """Name and password of HTTP basic auth, sent to the app's own origin only."""

    username: Template = Field(description="Who asks.")
    password: Template = Field(description="Write ${secrets.NAME}.")


class ClientCertificate(Frozen):
    """A certificate that the browser shows to servers that ask for one; files beside the flow or environment file."""

    certificate: PurePosixPath = Field(description="A PEM file, or PKCS #12 (.p12, .pfx) with the key in it.")
    key: PurePosixPath | None = Field(default=None, description="The PEM file of its private key.")
    passphrase: Template | None = Field(default=None, description="What opens the key; write ${secrets.NAME}.")
    origin: str | None = Field(
        default=None, pattern=ORIGIN, description="Who may see it; by default the app's own origin."
    )

    @property
    def is_bundle(self) -> bool:
        """Whether one PKCS #12 file holds certificate and key."""
        return self.certificate.suffix.lower() in (".p12", ".pfx")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.is_bundle == (self.key is not None):
            raise ValueError(
                "a PKCS #12 file holds its key; take `key` out"
                if self.is_bundle
                else "a PEM certificate needs its `key`"
            )
        return self


class Browsing(Frozen):
    """How the browser is set up; what is not said stays as it is without."""

    device: str | None = Field(default=None, description="A device of Playwright's list, such as iPhone 15.")
    locale: str | None = Field(default=None, pattern=LOCALE, description="The language it asks for, such as de-DE.")
    timezone: str | None = Field(default=None, description="Its time zone, such as Europe/Berlin.")
    color_scheme: Literal["light", "dark"] | None = Field(default=None, description="What the person prefers.")
    reduced_motion: bool | None = Field(default=None, description="Whether the person prefers that nothing moves.")
    geolocation: Geolocation | None = Field(default=None, description="Where it is; pages may ask for it then.")
    permissions: Annotated[tuple[Permission, ...], BeforeValidator(_many)] = Field(
        default=(), description="What pages may do without asking."
    )
    http_credentials: HttpCredentials | None = Field(default=None, description="HTTP basic auth.")
    client_certificates: Annotated[tuple[ClientCertificate, ...], BeforeValidator(_many)] = Field(
        default=(), description="Certificates to show to servers that ask."
    )
    headers: dict[HeaderName, Template] = Field(
        default={}, description="Sent with every request to the app's own origin."
    )
    block: Annotated[tuple[UrlPattern, ...], BeforeValidator(_many)] = Field(
        default=(), description="Requests that are not made, such as https://stats.example/**."
    )
    service_workers: Literal["allow", "block"] | None = Field(
        default=None, description="Whether pages may install service workers; allowed by default."
    )
    passkeys: bool | None = Field(
        default=None, description="Whether a virtual authenticator answers when a page asks for a passkey."
    )

    def within(self, outer: "Browsing | None") -> "Browsing":
        """The same, with what it leaves open taken from what it stands in; headers and lists hold both."""
        if outer is None:
            return self
        merged: dict[str, Any] = {name: getattr(outer, name) for name in outer.model_fields_set}
        for name in self.model_fields_set:
            mine = getattr(self, name)
            if isinstance(mine, tuple):
                merged[name] = (*merged.get(name, ()), *(item for item in mine if item not in merged.get(name, ())))
            elif isinstance(mine, dict):
                merged[name] = {**merged.get(name, {}), **mine}
            else:
                merged[name] = mine
        return Browsing.model_construct(_fields_set=set(merged), **merged)
