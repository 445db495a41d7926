"""Somebody else who takes part in a flow."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from smokerunner.model.browsing import Browsing
from smokerunner.model.frozen import Frozen


class Person(Frozen):
    """Somebody beside the flow's own user, with a browser session of their own."""

    starts_from: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")] | None = Field(
        default=None, description="Begins with the cookies and storage that this flow left; the flow then needs it."
    )
    browser: Browsing | None = Field(default=None, description="How this person's browser differs from the flow's.")


def _person(value: Any) -> Any:
    return {} if value is None or value == "" else {"starts_from": value} if isinstance(value, str) else value


PersonSetting = Annotated[Person, BeforeValidator(_person)]
"""A person, or in short the flow whose session is taken."""
