"""A plain question to this machine: the same answer as by httpx, which is not loaded for it, and no thread left."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from smokerunner.replay import asking
from smokerunner.replay.asking import Question, ask
from tests.e2e.outcome_site import Answer, Site


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.mark.parametrize("anywhere", [False, True])
def test_both_clients_see_the_same(site: Site, anywhere: bool) -> None:
    def asked(path: str, **headers: str) -> asking.Answer:
        question = Question(f"{site.base_url}{path}", headers)
        if anywhere:
            return asyncio.run(asking._ask_anywhere(question, through_proxies=False))
        return asyncio.run(asking._ask_here(question))

    site.pages["/v"] = Answer(body="Straße 7", headers={"X-Release": "7"})
    site.pages["/on"] = Answer(status=302, headers={"Location": "/v"})
    answer = asked("/v", Team="blue")
    assert (answer.status, answer.text, answer.headers["x-release"]) == (200, "Straße 7", "7")
    assert answer.location is None
    assert site.seen[-1].headers["Team"] == "blue"
    assert asked("/on").location == "/v"


def test_whoever_stops_waiting_leaves_no_thread_behind() -> None:
    async def give_up(silent: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        waiting = asyncio.create_task(ask(Question(f"http://127.0.0.1:{silent.getsockname()[1]}")))
        asked, _ = await loop.sock_accept(silent)
        with asked:
            asked.setblocking(False)
            waiting.cancel()
            await asyncio.wait([waiting])
            # Else it would hang up only when it has waited as long as an answer may take.
            async with asyncio.timeout(asking.PATIENCE / 2):
                while await loop.sock_recv(asked, 4096):
                    pass

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.setblocking(False)
        asyncio.run(give_up(silent))


def test_nothing_else_is_loaded_to_ask_this_machine(site: Site) -> None:
    site.pages["/"] = Answer(body="here")
    script = (
        "import asyncio, sys; from smokerunner.replay.asking import Question, ask; "
        f"print(asyncio.run(ask(Question({site.base_url!r}))).text, sorted({{'httpx', 'anyio'}} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "here []"
