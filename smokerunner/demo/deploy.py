"""The demo as a deploy: the app, its mail, its flow file, and the environment that a run needs to know."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Self

from smokerunner.browser.binary import Binary
from smokerunner.demo.server import Acorn
from smokerunner.demo.settings import RELEASE
from smokerunner.language.load import LoadedFile, load
from smokerunner.mail.embedded import EmbeddedMailbox, EmbeddedSettings
from smokerunner.model.config import Environment, ReleaseSource
from smokerunner.model.mail import Mailbox
from smokerunner.model.secret import Secrets
from smokerunner.replay.job import Job
from smokerunner.replay.options import Options
from smokerunner.replay.preparing import Lookup, read_secrets, system_lookup

NAME = "demo"


class Deploy:
    """The running demo, as a context manager; `fault` names one bad deploy, or several that came at once.

    `release` is what was meant to be deployed.
    """

    release = RELEASE

    def __init__(self, fault: str | Iterable[str] | None = None, *, port: int = 0, marks: bool = False) -> None:
        self.loaded: LoadedFile = load(flow_file())
        self._mailbox: EmbeddedMailbox = EmbeddedSettings.model_validate({"port": 0}).open()
        self._app = Acorn(self.smtp_port, fault=fault, port=port, marks=marks)

    @property
    def smtp_port(self) -> int:
        """Where the app's mail goes."""
        return self._mailbox.port

    @property
    def mailbox(self) -> Mailbox:
        """Where the app's mail arrives; it is closed with the app."""
        return self._mailbox

    @property
    def base_url(self) -> str:
        """Where the app is."""
        return self._app.base_url

    @property
    def environment(self) -> Environment:
        """What smokerunner.yaml would say of it."""
        return Environment(release=ReleaseSource.model_validate({"path": "/version", "json": "$.release"}))

    def job(self, options: Options, binary: Binary, lookup: Lookup | None = None) -> Job:
        """A run of its flows, ready to be conducted."""
        secrets: Secrets = read_secrets(self.loaded, self.environment, options, lookup or system_lookup())
        return Job(
            path=self.loaded.path,
            file=self.loaded.file,
            environment_name=NAME,
            environment=self.environment,
            base_url=self.base_url,
            options=options,
            secrets=secrets,
            binary=binary,
            line_of=lambda where: self.loaded.document.place(where)[0],
            mailbox=self._mailbox,
        )

    def __enter__(self) -> Self:
        """Start the app."""
        self._app.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the app and its mail."""
        try:
            self._app.stop()
        finally:
            asyncio.run(self._mailbox.close())


def flow_file() -> Path:
    """acorn.yaml: in a checkout the one under flows/, in an installation the one that came with it."""
    shipped = Path(str(resources.files("smokerunner.demo") / "flows" / "acorn.yaml"))
    checkout = Path(__file__).parents[2] / "flows" / "acorn.yaml"
    return shipped if shipped.is_file() else checkout
