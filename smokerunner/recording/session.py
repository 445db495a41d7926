"""A recording from its beginning to the flow that comes of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smokerunner.authoring.act import Draft
from smokerunner.authoring.tidy import Known, Tidied, tidy
from smokerunner.browser.binary import Binary
from smokerunner.browser.happenings import Event
from smokerunner.browser.launch import Engine
from smokerunner.browser.recorder import Recorder
from smokerunner.browser.workplace import go, unless_gone, workplace
from smokerunner.model.config import Environment
from smokerunner.model.errors import Unavailable
from smokerunner.model.event import Listener
from smokerunner.model.mail import Mailbox, Message
from smokerunner.model.secret import Secrets
from smokerunner.recording.groundwork import Groundwork
from smokerunner.recording.journal import Journal, Recording
from smokerunner.recording.looking import Looking
from smokerunner.recording.notebook import Notebook
from smokerunner.recording.person import Person
from smokerunner.replay.job import Job
from smokerunner.replay.stop import Stop, Stopped
from smokerunner.replay.world import Post

if TYPE_CHECKING:
    from playwright.async_api import Page

_BETWEEN_LOOKS = 0.15
_BETWEEN_MAILS = 1.0
_DYING = 0.5
"""Seconds between the end of the last page and the word that the browser is gone."""
_LAST_LOOK = 3.0
"""Seconds in which the last page may come to rest."""


@dataclass(frozen=True)
class Task:
    """What is to be recorded, and how."""

    app: str
    flow: str
    start: str
    """The address that is opened first."""
    base_url: str
    binary: Binary
    journal: Path
    title: str = ""
    needs: tuple[str, ...] = ()
    starts_from: str | None = None
    job: Job | None = None
    """The flows under `needs` and `starts_from`, ready to be replayed; None when there are none."""
    environment: Environment = field(default_factory=Environment)
    mailbox: Mailbox | None = None
    """An open mailbox instead of the environment's."""
    secrets: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    """The secrets that the file declares, with their values where these are known."""
    viewport: tuple[int, int] = (1280, 720)
    headed: bool = True
    debugging_port: int | None = None


async def record(task: Task, person: Person, stop: Stop, tell: Callable[[str], None], emit: Listener) -> Recording:
    """Let a person use the app until they are done, the browser is gone, or the stop is pulled.

    Raises Inconclusive when a flow that is needed does not pass, Lacking when Playwright has no recorder.
    """
    return await _Session(task, person, stop, tell, emit).record()


class _Session:
    def __init__(self, task: Task, person: Person, stop: Stop, tell: Callable[[str], None], emit: Listener) -> None:
        self._task = task
        self._person = person
        self._stop = stop
        self._tell = tell
        self._emit = emit
        self._notebook = Notebook(task.app)
        self._journal = Journal(task.journal)
        self._letters: dict[str, Message] = {}
        self._variables: Mapping[str, str] = {}
        self._recorder: Recorder | None = None
        self._looking: Looking | None = None
        self._is_new = False
        """Whether the journal lacks something."""
        self._wrong = ""

    async def record(self) -> Recording:
        task = self._task
        post = Post(task.environment, task.mailbox)
        engine = Engine(
            task.binary,
            headed=task.headed,
            viewport=f"{task.viewport[0]}x{task.viewport[1]}",
            resolve=task.environment.resolve,
            debugging_port=task.debugging_port,
        )
        try:
            async with engine:
                mailbox = await self._open(post)
                groundwork = Groundwork(task.job, engine, post, self._stop, self._emit) if task.job else None
                try:
                    if groundwork is not None:
                        await groundwork.lay()
                        self._variables = groundwork.variables(self._required)
                        self._say_variables()
                        if engine.gate is not None:
                            # Whoever records goes where they like.
                            await engine.gate.rest()
                    state = groundwork.state(task.starts_from) if groundwork else None
                    async with workplace(await engine.browser(), task.viewport, state) as page:
                        await self._use(page, mailbox)
                finally:
                    if groundwork is not None:
                        await groundwork.clear()
        finally:
            await post.close()
        return self._write()

    def _write(self) -> Recording:
        recording = self.recording
        if recording.tidied.flow["steps"]:
            self._journal.write(recording)
        return recording

    @property
    def recording(self) -> Recording:
        """All that was recorded so far, clean of secrets."""
        task = self._task
        draft = Draft(
            name=task.flow,
            title=task.title,
            acts=self._notebook.acts,
            base_url=task.base_url,
            letters=tuple(self._letters.values()),
        )
        tidied = tidy(draft, Known(task.app, self._variables, task.secrets))
        head: dict[str, object] = {key: tidied.flow[key] for key in ("title",) if key in tidied.flow}
        if task.starts_from:
            head["starts_from"] = task.starts_from
            # One account, one flow at a time: what another does meanwhile would show up in this one.
            head["exclusive"] = task.starts_from
        needs = [name for name in task.needs if name != task.starts_from]
        if needs:
            head["needs"] = needs[0] if len(needs) == 1 else needs
        files = {name: file.data for name, file in self._notebook.files.items()}
        tidied = replace(tidied, flow={**head, **tidied.flow}, notes=(*tidied.notes, *self._console_notes(tidied)))
        return Recording(tidied, tuple(self._notebook.masks), files, self._wrong)

    def _console_notes(self, tidied: Tidied) -> list[str]:
        """What the app wrote to the console as an error: a run will warn of it until somebody says that it is meant."""
        errors = self._recorder.console_errors if self._recorder is not None else {}
        scrub = Secrets(dict(tidied.values)).scrub
        said = [scrub(" ".join(text.split())) for text, url in errors.items() if url.startswith(self._task.base_url)]
        return [f"the console had an error: {text[:120]}; if it is meant, add it to tolerate: console" for text in said]

    @property
    def _required(self) -> tuple[str, ...]:
        task = self._task
        return tuple(dict.fromkeys([*task.needs, *([task.starts_from] if task.starts_from else [])]))

    async def _open(self, post: Post) -> Mailbox | None:
        if self._task.mailbox is None and self._task.environment.mailbox is None:
            return None
        try:
            return await post.open()
        except Unavailable as wrong:
            self._tell(f"the mailbox cannot be read, so mails will not become steps: {wrong}")
            return None

    def _say_variables(self) -> None:
        shown = {name: value for name, value in self._variables.items() if not self._is_secret(value)}
        if shown:
            said = ", ".join(f"{name} is {value}" for name, value in shown.items())
            self._tell(f"{' and '.join(self._required)} passed; {said}")

    def _is_secret(self, value: str) -> bool:
        return self._task.job is not None and self._task.job.secrets.reveals(value)

    async def _use(self, page: Page, mailbox: Mailbox | None) -> None:
        self._recorder = recorder = Recorder(page.context, self._hear)
        self._looking = looking = Looking(recorder, self._notebook)
        await recorder.start()
        await recorder.watch(page)
        opened: set[asyncio.Task[None]] = set()

        def watch(other: Page) -> None:
            watching = asyncio.ensure_future(self._watch(recorder, other))
            opened.add(watching)
            watching.add_done_callback(opened.discard)

        page.context.on("page", watch)
        gone = asyncio.Event()
        page.context.on("close", lambda _: gone.set())
        await self._work(page, mailbox, looking, gone)
        if not gone.is_set():
            await self._look_last(looking)
        await recorder.stop()
        if mailbox is not None:
            await self._collect(mailbox, self._began)

    async def _work(self, page: Page, mailbox: Mailbox | None, looking: Looking, gone: asyncio.Event) -> None:
        self._began = datetime.now(UTC)
        using = asyncio.ensure_future(self._stop.unless(unless_gone(self._go_and_use(page))))
        beside = [asyncio.ensure_future(self._look_and_write(looking))]
        if mailbox is not None:
            beside.append(asyncio.ensure_future(self._read_mail(mailbox)))
        leaving = asyncio.ensure_future(gone.wait())
        everything: list[asyncio.Future[Any]] = [using, leaving, *beside]
        try:
            await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
            for other in beside:
                if other.done():
                    other.result()
            if using.done():
                self._conclude(using)
                await self._notice_end(page, gone)
            elif leaving.done():
                self._wrong = "the browser ended"
        finally:
            for each in everything:
                each.cancel()
            await asyncio.gather(*everything, return_exceptions=True)

    async def _notice_end(self, page: Page, gone: asyncio.Event) -> None:
        """A browser that dies closes its pages first; whoever closes the last window leaves the browser running."""
        if all(other.is_closed() for other in page.context.pages):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(gone.wait(), _DYING)
                self._wrong = "the browser ended"

    def _conclude(self, using: asyncio.Future[bool]) -> None:
        try:
            if not using.result():
                self._wrong = "the browser ended"
        except Stopped:
            return  # Whoever stops it is done.

    async def _go_and_use(self, page: Page) -> None:
        await go(page, self._task.start)
        self._tell("The page is open: what is done there from now on is recorded.")
        await self._person.use(page)

    async def _watch(self, recorder: Recorder, page: Page) -> None:
        await unless_gone(self._watch_opened(recorder, page))

    async def _watch_opened(self, recorder: Recorder, page: Page) -> None:
        await recorder.watch(page, await page.opener())

    def _hear(self, event: Event) -> None:
        self._is_new = True
        number = len(self._notebook.entries)
        entry = self._notebook.take(event)
        if self._looking is not None:
            self._looking.before(event, entry, is_new=len(self._notebook.entries) > number)

    async def _look_and_write(self, looking: Looking) -> None:
        while True:
            await looking.look()
            if self._is_new or looking.has_news:
                self._is_new = False
                self._write()
            await asyncio.sleep(_BETWEEN_LOOKS)

    async def _look_last(self, looking: Looking) -> None:
        """Until the last page has been calm twice."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _LAST_LOOK
        while loop.time() < until:
            await looking.look()
            if looking.is_calm:
                return
            await asyncio.sleep(_BETWEEN_LOOKS)

    async def _read_mail(self, mailbox: Mailbox) -> None:
        while True:
            await self._collect(mailbox, self._began)
            await asyncio.sleep(_BETWEEN_MAILS)

    async def _collect(self, mailbox: Mailbox, since: datetime) -> None:
        try:
            letters = await mailbox.messages(since)
        except Unavailable as wrong:
            self._tell(f"the mailbox cannot be read just now: {wrong}")
            return
        for letter in sorted(letters, key=lambda letter: letter.received):
            self._letters.setdefault(letter.id, letter)
