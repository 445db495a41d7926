"""`smokerunner record` as a process of its own, and a person who uses its browser from outside."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from hand import Hand
from playwright.async_api import Error, async_playwright

from tests.e2e.outcome_site import Answer, Asked, Site, command_of, descendants, free_port, is_alive, wait_until

PASSWORD = "a Password/for-tests&7"
LOGIN = """<!doctype html><title>Log in</title><link rel=icon href="data:,"><h1>Log in</h1>
<form action="/in" method="post"><label>Email <input name="email"></label>
<label>Password <input type="password" name="word"></label><button>Log in</button></form>"""


def welcome(asked: Asked) -> Answer:
    """A careless app: it shows what was typed."""
    return Answer(
        "<!doctype html><title>Home</title><link rel=icon href='data:,'><h1>Welcome</h1>"
        f"<p>Your word is {PASSWORD}</p><p>{asked.body.decode()}</p><p role=status>You are in</p>"
    )


@contextlib.contextmanager
def careless_site() -> Iterator[Site]:
    with Site() as site:
        site.pages |= {"/login": LOGIN, "/in": welcome}
        yield site


class Recorder:
    """The process, every process below it that was ever seen, and what it said."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, port: int) -> None:
        self.process = process
        self.folder = folder
        self.port = port
        self.family: set[int] = set()
        self.out = self.err = ""

    @property
    def journal(self) -> Path:
        return self.folder / ".smokerunner" / "recordings" / "site-login.json"

    @property
    def flows(self) -> Path:
        return self.folder / "flows" / "site.yaml"

    def look(self) -> set[int]:
        self.family |= set(descendants(self.process.pid))
        return self.family

    @property
    def browser(self) -> int:
        """The main process of the browser; its helpers have one long word only, its wrapper is a script."""
        found = [
            pid
            for pid in self.look()
            if is_alive(pid) and "--remote-debugging-pipe" in (words := command_of(pid)) and words[0] != "/bin/sh"
        ]
        below = {inner for pid in found for inner in descendants(pid)}
        (main,) = [pid for pid in found if pid not in below]
        return main

    def use(self, using: Callable[[Hand], Awaitable[None]], path: str = "/login") -> None:
        """Do something in its first page."""
        asyncio.run(self._use(using, path))

    async def _use(self, using: Callable[[Hand], Awaitable[None]], path: str) -> None:
        async with async_playwright() as driver:
            for _ in range(100):
                try:
                    browser = await driver.chromium.connect_over_cdp(f"http://127.0.0.1:{self.port}")
                    break
                except Error:
                    assert self.process.poll() is None, self.process.communicate()
                    await asyncio.sleep(0.2)
            for _ in range(100):
                pages = [page for context in browser.contexts for page in context.pages if path in page.url]
                if pages:
                    break
                await asyncio.sleep(0.1)
            await pages[0].wait_for_load_state()
            await using(Hand(pages[0]))
            self.look()

    def signal(self, number: int) -> None:
        """Send it, once its family was seen: afterwards it may be gone sooner than one can look."""
        self.look()
        self.process.send_signal(number)

    def end(self, limit: float = 60) -> int:
        """Wait for its end; its exit code."""
        self.look()
        self.out, self.err = self.process.communicate(timeout=limit)
        assert "Traceback" not in self.err + self.out, self.err
        return self.process.returncode

    def nobody_is_left(self) -> None:
        assert len(self.family) >= 3, "driver, browser and its helpers were seen"
        wait_until(lambda: not [pid for pid in self.family if is_alive(pid)], 10)


@contextlib.contextmanager
def recorder(folder: Path, site: Site, *options: object, url: str = "/login", before: str = "") -> Iterator[Recorder]:
    """Start it; `before` is Python that runs first. In a session of its own, so that a group can be signalled."""
    port = free_port()
    program = ["-c", f"{before}\nfrom smokerunner.cli import main\nmain()"] if before else ["-m", "smokerunner"]
    words = ["record", "site", "--flow", "login", "--url", site.base_url + url, "--headless", "--debug-port", port]
    process = subprocess.Popen(
        [sys.executable, *program, *map(str, words), *map(str, options)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    found = Recorder(process, folder, port)
    try:
        yield found
    finally:
        if process.poll() is None:
            for pid in [*found.look(), process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        process.__exit__(None, None, None)


async def log_in(hand: Hand) -> None:
    await hand.write(hand.field("Email"), "robin@example.test")
    await hand.press("Tab")
    await hand.type(PASSWORD)
    await hand.press("Enter")
    await hand.see("You are in")
    # A person looks a little longer; whoever closes the window at once, on a busy machine, has seen nothing.
    await asyncio.sleep(1.5)


async def log_in_and_leave(hand: Hand) -> None:
    await log_in(hand)
    await hand.page.close()
