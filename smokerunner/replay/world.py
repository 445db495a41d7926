"""What a run works with: fixed while it goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from smokerunner.browser.guard import Limits
from smokerunner.browser.launch import Engine
from smokerunner.diagnosis.case import Setting
from smokerunner.evidence.folder import Folder
from smokerunner.model.config import Environment
from smokerunner.model.errors import Unavailable
from smokerunner.model.event import Event, Listener
from smokerunner.model.flow import Flow, FlowFile
from smokerunner.model.kind import Kind
from smokerunner.model.record import record
from smokerunner.model.result import Artifact
from smokerunner.model.secret import Secrets
from smokerunner.replay.bounds import limits_of
from smokerunner.replay.companion import Companion
from smokerunner.replay.options import Options
from smokerunner.replay.stop import Stop
from smokerunner.replay.stopwatch import Stopwatch, Watch

if TYPE_CHECKING:
    from smokerunner.model.mail import Mailbox


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The time of day in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds from some fixed point, never going back."""
        return time.monotonic()


class Post:
    """The mailbox of a run, opened once."""

    def __init__(self, environment: Environment, given: Mailbox | None) -> None:
        self._environment = environment
        self._mailbox = given
        self._owned = given is None
        self._lock = asyncio.Lock()

    async def open(self) -> Mailbox:
        """The mailbox; raises Unavailable when there is none or it does not open."""
        async with self._lock:
            if self._mailbox is None:
                if self._environment.mailbox is None:
                    raise Unavailable("no mailbox is configured; name one under `mailbox:` in smokerunner.yaml")
                self._mailbox = self._environment.mailbox.open()
            return self._mailbox

    async def close(self) -> None:
        """Give back what was opened here."""
        if self._mailbox is not None and self._owned:
            await self._mailbox.close()
            self._mailbox = None


@record
class World:
    """Everything that the flows of one run share."""

    run_id: str
    path: Path
    """The flow file."""
    file: FlowFile
    environment: Environment
    base_url: str
    options: Options
    secrets: Secrets
    engine: Engine
    folder: Folder
    post: Post
    stop: Stop
    emit: Listener
    known_console: Mapping[str, frozenset[str]]
    """Per flow: normalised console errors of its last passed run."""
    line_of: Callable[[tuple[str | int, ...]], int]
    """Where in the flow file something stands: ('flows', name, 'steps', index, …) → line, 0 if unknown."""
    clock: SystemClock = field(default_factory=SystemClock)
    companion: Companion | None = None
    """Whoever is asked before each step and when one has failed."""
    environment_name: str = ""
    workers: int = 1
    """Flows at the same time."""
    usual_seconds: Mapping[str, float] = field(default_factory=dict)
    """How long flows took of late, by their names in the file."""
    watch: Watch = field(default_factory=Watch)
    """Of the attempt or cleanup under way."""

    @property
    def setting(self) -> Setting:
        """What a diagnosis may know of the run."""
        return Setting(self.file.app, self.environment_name, self.base_url)

    def undisturbed(self) -> World:
        """The same world for cleanup, which runs to its end even when the run was stopped."""
        return replace(self, stop=Stop())

    def watched(self) -> World:
        """The same world with a stopwatch of its own, for one attempt or cleanup; with --profile only."""
        return replace(self, watch=Stopwatch(self.clock.monotonic)) if self.options.profile else self

    def limits(self, name: str, flow: Flow) -> Limits:
        """What this flow's browser may reach."""
        headers = {"X-Smoke-Run": self.run_id, "X-Smoke-Flow": name}
        return replace(limits_of(self.base_url, self.environment, flow), headers=headers)

    def say(self, event: type[Event], **facts: object) -> None:
        """Emit an event, stamped with the time."""
        self.emit(event.model_validate({"at": self.clock.now(), **facts}))

    def keep(self, kind: str, path: str, data: bytes, title: str = "") -> Artifact:
        """Put a file into the evidence."""
        with self.watch.spending(Kind.WRITING):
            self.folder.write(path, data)
        return Artifact.model_validate({"kind": kind, "path": path, "title": title})

    def keep_traceback(self, path: str, text: str) -> tuple[Artifact, ...]:
        """Put what nobody foresaw into the evidence; nothing when it cannot be written, which sealing will tell."""
        try:
            return (self.keep("traceback", path, self.secrets.scrub(text).encode()),)
        except Unavailable:
            return ()
