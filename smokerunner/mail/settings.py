"""What stands under `mailbox:` in the environment file."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, field_validator

from smokerunner.model.errors import Unavailable
from smokerunner.model.mail import Mailbox


class WrongSettings(Unavailable):
    """The mailbox answers, but not to these settings (login, address, folder): asking again does not help."""


class MailboxSettings(BaseModel):
    """The settings of one kind of mailbox. All values are plain: secrets are filled in before."""

    # A password typed at the wrong place must not be repeated in the complaint.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: ClassVar[str]

    @abstractmethod
    def open(self) -> Mailbox:
        """The mailbox, ready to be asked; close it afterwards. Raises `Unavailable` when it cannot be opened."""


class WebMailboxSettings(MailboxSettings):
    """The settings of a mailbox that is read over HTTP."""

    url: AnyHttpUrl = Field(description="Address of its web page, like http://127.0.0.1:1080")
    user: str = Field("", description="User name, if the web page asks for one")
    password: str = Field("", description="Password of that user", repr=False)

    @field_validator("url")
    @classmethod
    def _url_without_login(cls, url: AnyHttpUrl) -> AnyHttpUrl:
        """An address is shown in messages and reports, so it may not hold a password."""
        if url.username or url.password:
            raise ValueError("put the login under `user` and `password`, not into the address")
        return url

    @property
    def address(self) -> str:
        """The address without slash, query and fragment at the end."""
        return f"{self.url.scheme}://{self.url.host}:{self.url.port}{self.url.path or ''}".rstrip("/")
