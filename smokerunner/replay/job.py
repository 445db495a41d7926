"""What is to be replayed: an app's flows in one environment, and the browser for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from smokerunner.browser.binary import Binary
from smokerunner.model.check import Asked
from smokerunner.model.config import Environment
from smokerunner.model.flow import FlowFile
from smokerunner.model.record import record
from smokerunner.model.secret import Secrets
from smokerunner.replay.capacity import Capacity, capacity
from smokerunner.replay.options import Options

if TYPE_CHECKING:
    from smokerunner.browser.driver import Driver
    from smokerunner.browser.launch import Engine
    from smokerunner.model.mail import Mailbox
    from smokerunner.replay.companion import Companion


@record
class Job:
    """An app's flows in one environment, ready to be replayed."""

    path: Path
    file: FlowFile
    environment_name: str
    environment: Environment
    base_url: str
    options: Options
    secrets: Secrets
    binary: Binary
    line_of: Callable[[tuple[str | int, ...]], int] = lambda _: 0
    mailbox: Mailbox | None = None
    """An open mailbox to use instead of the environment's; whoever gave it closes it."""
    config: Path | None = None
    """The environment file that was read, if any."""
    companion: Companion | None = None
    """Whoever is asked before each step and when one has failed."""
    checks: tuple[Asked, ...] = ()
    """What is asked beside the flows, after them."""
    with_flows: bool = True
    """Whether the flows of the file are replayed at all."""
    began: float | None = None
    """When the tool began to work for it, by the monotonic clock; None: when it is conducted."""
    capacity: Capacity = field(default_factory=capacity)
    """What the machine has for it, before a browser takes its share."""

    @property
    def workers(self) -> int:
        """Flows at the same time: as many as were asked for, else as many as the machine can take."""
        return self.options.workers or self.capacity.workers

    @property
    def needs_browser(self) -> bool:
        """Whether anything in it is done in a browser."""
        return self.with_flows or any(asked.check.needs_browser for asked in self.checks)


def engine_of(job: Job, driver: Driver | None = None) -> Engine:
    """The browser that its flows want, not started yet; its driver may be."""
    # Playwright takes a while to import, and whoever only makes a job needs none of it.
    from smokerunner.browser.launch import Engine

    viewport, resolve = job.file.viewport, job.environment.resolve
    return Engine(job.binary, headed=job.options.headed, viewport=viewport, resolve=resolve, driver=driver)
