"""Recording by Playwright's own program, when its recorder cannot be used in process."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from smokerunner.authoring.tidy import Tidied
from smokerunner.browser.binary import Binary
from smokerunner.model.errors import Unavailable
from smokerunner.recording.codegen import record_by_codegen
from smokerunner.recording.preparing import Wish, prepare_recording
from smokerunner.replay.stop import Stop
from tests.e2e.outcome_site import Site, descendants, is_alive, wait_until

pytestmark = pytest.mark.e2e


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def test_it_records_until_it_is_stopped_and_leaves_nothing_behind(
    site: Site, binary: Binary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PWTEST_CLI_HEADLESS", "1")
    wish = Wish(flow="look", url=f"{site.base_url}/done?x=1", title="A look", headed=False)
    task = prepare_recording(tmp_path / "site.yaml", wish, None, binary, tmp_path / "journals", lookup={}.get)
    # Other tests of the same process may have left theirs running on purpose, such as a mail server for all of them.
    others = set(descendants(os.getpid()))
    family: set[int] = set()

    async def record() -> Tidied:
        stop = Stop()
        recording = asyncio.ensure_future(record_by_codegen(task, stop))
        await asyncio.to_thread(wait_until, lambda: site.asked_for("/done"))
        await asyncio.sleep(2)
        family.update(set(descendants(os.getpid())) - others)
        stop.now("that is all")
        return (await recording).tidied

    tidied = asyncio.run(record())
    assert family
    assert tidied.name == "look"
    assert tidied.flow["title"] == "A look"
    assert tidied.flow["steps"][0] == {"goto": "/done?x=1"}
    assert tidied.base_url == site.base_url
    wait_until(lambda: not [pid for pid in family if is_alive(pid)], 10)


def test_a_browser_that_does_not_start_is_said(
    site: Site, binary: Binary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PWTEST_CLI_HEADLESS", "1")
    wish = Wish(flow="look", url=site.base_url, headed=False)
    broken = Binary(Path("/bin/false"), binary.kind)
    task = prepare_recording(tmp_path / "site.yaml", wish, None, broken, tmp_path / "journals", lookup={}.get)
    with pytest.raises(Unavailable, match="codegen recorded nothing"):
        asyncio.run(record_by_codegen(task, Stop()))
