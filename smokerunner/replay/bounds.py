"""What the browser of a flow may reach in an environment."""

from __future__ import annotations

from urllib.parse import urlsplit

from smokerunner.browser.guard import Limits
from smokerunner.model.config import Environment
from smokerunner.model.flow import Effects, Flow


def limits_of(base_url: str, environment: Environment, flow: Flow) -> Limits:
    """base_url's own host and `allow_hosts`; where only is read, writes are for flows without effects."""
    return Limits(
        base_url=base_url,
        hosts=(urlsplit(base_url).hostname or "", *environment.allow_hosts),
        read_only=environment.read_only and flow.effects is not Effects.NONE,
        allow_post=environment.allow_post,
    )
