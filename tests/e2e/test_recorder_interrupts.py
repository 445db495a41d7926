"""However a recording ends, nothing that was recorded is lost, no secret is left, and no process either."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hand import Hand

from smokerunner.language.load import load
from smokerunner.model.secret import forms
from tests.conftest import Smoke
from tests.e2e.outcome_site import Site, wait_until
from tests.e2e.recorder_process import PASSWORD, Recorder, careless_site, log_in, log_in_and_leave, recorder

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are read from /proc"),
]


@pytest.fixture
def site() -> Iterator[Site]:
    with careless_site() as running:
        yield running


def is_whole(recorded: Recorder) -> None:
    """The flow stands in its file, with all that was done, and no secret."""
    loaded = load(recorded.flows)
    flow = loaded.file.flows["login"]
    text = recorded.flows.read_text()
    assert "goto: /login" in text
    assert "robin@example.test" in text
    assert "with: ${secrets.SITE_PASSWORD}" in text
    assert "press: Enter" in text
    assert "You are in" in text[text.index("press: Enter") :], "what came of it is expected"
    assert len(flow.steps) == 6
    holds_no_secret(recorded.folder, recorded.out, recorded.err)
    assert not recorded.journal.exists()
    assert not list(recorded.folder.rglob("*.half"))


def holds_no_secret(folder: Path, *texts: str) -> None:
    found = [path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file()]
    for text in (*found, *texts):
        assert not [form for form in forms(PASSWORD) if form in text]


def test_closing_the_window_writes_the_flow(site: Site, tmp_path: Path) -> None:
    with recorder(tmp_path, site) as recorded:
        recorded.use(log_in_and_leave)
        assert recorded.end() == 0, recorded.err
        recorded.nobody_is_left()
    is_whole(recorded)
    assert "flows/site.yaml" in recorded.out
    assert "set $SITE_PASSWORD" in recorded.out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_writes_the_flow(site: Site, tmp_path: Path, number: signal.Signals) -> None:
    with recorder(tmp_path, site) as recorded:
        recorded.use(log_in)
        recorded.signal(number)
        assert recorded.end() == 0, recorded.err
        recorded.nobody_is_left()
    is_whole(recorded)


def test_control_c_in_a_terminal_reaches_the_browser_as_well_and_loses_nothing(site: Site, tmp_path: Path) -> None:
    with recorder(tmp_path, site) as recorded:
        recorded.use(log_in)
        recorded.look()
        os.killpg(recorded.process.pid, signal.SIGINT)
        assert recorded.end() == 0, recorded.err
        recorded.nobody_is_left()
    is_whole(recorded)


def test_a_browser_that_dies_takes_nothing_with_it(site: Site, tmp_path: Path) -> None:
    with recorder(tmp_path, site) as recorded:
        recorded.use(log_in)
        os.kill(recorded.browser, signal.SIGKILL)
        assert recorded.end() == 3, recorded.err
        assert "the browser ended" in recorded.err
        recorded.nobody_is_left()
    is_whole(recorded)


def cut_off(recorded: Recorder) -> None:
    """Kill the recorder itself once all is in the journal."""
    recorded.use(log_in)
    wait_until(lambda: "You are in" in recorded.journal.read_text())
    recorded.process.kill()
    recorded.process.communicate()
    recorded.nobody_is_left()


class TestCutOff:
    def test_the_journal_is_left_and_written_later(self, site: Site, tmp_path: Path, smoke: Smoke) -> None:
        with recorder(tmp_path, site) as recorded:
            cut_off(recorded)
        assert not recorded.flows.exists()
        assert stat.S_IMODE(recorded.journal.stat().st_mode) == 0o600
        holds_no_secret(tmp_path)
        refused = smoke("record", "site", "--flow", "login", "--url", site.base_url, "--headless", "--debug-port", 1)
        assert refused.exit_code == 2
        assert "--recover" in refused.err
        assert recorded.journal.exists()
        ran = smoke("record", "site", "--flow", "login", "--recover")
        assert ran.exit_code == 0, ran.err
        assert "set $SITE_PASSWORD" in ran.out
        is_whole(recorded)
        again = smoke("record", "site", "--flow", "login", "--recover")
        assert again.exit_code == 2
        assert "no recording to recover" in again.err

    def test_at_no_moment_is_there_a_secret_on_the_disk(self, site: Site, tmp_path: Path) -> None:
        with recorder(tmp_path, site) as recorded:
            seen: set[str] = set()

            async def watched(hand: object) -> None:
                import asyncio

                async def read() -> None:
                    while True:
                        for path in tmp_path.rglob("*.json*"):
                            try:
                                seen.add(path.read_text())
                            except FileNotFoundError:
                                continue
                        await asyncio.sleep(0.005)

                reading = asyncio.ensure_future(read())
                await log_in(hand)  # type: ignore[arg-type]
                reading.cancel()

            recorded.use(watched)

            recorded.signal(signal.SIGINT)
            assert recorded.end() == 0
        assert len(seen) > 3, "it was written again and again"
        begun = [PASSWORD[:end] for end in range(6, len(PASSWORD) + 1)]
        assert not [text for text in seen if any(piece in text for piece in begun)]

    def test_the_app_may_be_called_otherwise_than_its_file(self, site: Site, tmp_path: Path, smoke: Smoke) -> None:
        (tmp_path / "flows").mkdir()
        path = tmp_path / "flows" / "site.yaml"
        path.write_text(f"app: shop\nbase_url: {site.base_url}\nflows:\n  look:\n    steps:\n      - goto: /\n")
        with recorder(tmp_path, site) as recorded:
            recorded.use(log_in)
            journal = recorded.journal.with_name("shop-login.json")
            wait_until(lambda: "You are in" in journal.read_text())
            recorded.process.kill()
            recorded.process.communicate()
            recorded.nobody_is_left()
        ran = smoke("record", "site", "--flow", "login", "--recover")
        assert ran.exit_code == 0, ran.err
        assert list(load(path).file.flows) == ["look", "login"]
        assert not journal.exists()


OTHER = "\n  look:   # by somebody else\n    steps:\n      - goto: /\n"


class TestMeanwhile:
    """Somebody else works on the flow file while it is recorded."""

    def head(self, site: Site, folder: Path) -> Path:
        (folder / "flows").mkdir()
        path = folder / "flows" / "site.yaml"
        path.write_text(f"app: site\nbase_url: {site.base_url}\nflows:\n  home:\n    steps:\n      - goto: /\n")
        return path

    def test_what_they_wrote_stays(self, site: Site, tmp_path: Path) -> None:
        path = self.head(site, tmp_path)
        with recorder(tmp_path, site) as recorded:
            recorded.use(log_in)
            path.write_text(path.read_text() + OTHER)
            recorded.signal(signal.SIGINT)
            assert recorded.end() == 0, recorded.err
        assert OTHER in path.read_text()
        is_whole(recorded)

    @pytest.mark.parametrize(
        ("theirs", "mended"),
        [(OTHER.replace("look", "login"), ("--replace",)), ("\n  look: [\n", ())],
        ids=["a flow of that name", "half a line"],
    )
    def test_what_cannot_be_written_is_kept_until_it_can(
        self, site: Site, tmp_path: Path, smoke: Smoke, theirs: str, mended: tuple[str, ...]
    ) -> None:
        path = self.head(site, tmp_path)
        before = path.read_text()
        with recorder(tmp_path, site) as recorded:
            recorded.use(log_in)
            path.write_text(before + theirs)
            recorded.signal(signal.SIGINT)
            assert recorded.end() == 2, recorded.err
        assert path.read_text() == before + theirs
        assert "the recording is safe in" in recorded.err
        assert "--recover" in recorded.err
        assert recorded.journal.exists()
        holds_no_secret(tmp_path, recorded.out, recorded.err)
        if not mended:
            path.write_text(before)
        ran = smoke("record", "site", "--flow", "login", "--recover", *mended)
        assert ran.exit_code == 0, ran.err
        is_whole(recorded)


def test_stopping_it_before_it_began_ends_it_quietly(site: Site, tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "site.yaml").write_text(
        f"app: site\nbase_url: {site.base_url}\nflows:\n  first:\n    steps:\n"
        "      - goto: /slow\n        timeout: 60s\n"
    )
    with recorder(tmp_path, site, "--needs", "first") as recorded:
        wait_until(lambda: site.asked_for("/slow"))
        recorded.signal(signal.SIGINT)
        assert recorded.end() == 130, recorded.err
        recorded.nobody_is_left()
    assert not recorded.journal.exists()


def test_a_window_that_is_closed_at_once_still_tells_where_it_was(site: Site, tmp_path: Path) -> None:
    async def hurry(hand: Hand) -> None:
        await hand.write(hand.field("Email"), "robin@example.test")
        await hand.press("Enter")
        await hand.page.get_by_text("You are in").wait_for()
        await hand.page.close()

    with recorder(tmp_path, site) as recorded:
        recorded.use(hurry)
        assert recorded.end() == 0, recorded.err
    last = recorded.flows.read_text().rpartition("- expect:")[2]
    assert "/in" in last
    assert "/login" not in last


def test_an_address_where_nobody_answers_is_said(site: Site, tmp_path: Path) -> None:
    with recorder(tmp_path, site) as recorded:
        site.__exit__()
        try:
            code = recorded.end()
        except subprocess.TimeoutExpired:
            pytest.fail("it waits for ever")
        assert code == 3, recorded.err
        assert "cannot be opened" in recorded.err
    assert not recorded.journal.exists()
    assert not recorded.flows.exists()


def test_a_playwright_without_the_recorder_is_said(site: Site, tmp_path: Path) -> None:
    without = "from playwright._impl.browser_context import BrowserContext\ndel BrowserContext._start_recording"
    with recorder(tmp_path, site, before=without) as recorded:
        assert recorded.end() == 3
        assert "this version of Playwright has no recorder that can be used in process" in recorded.err
    assert not recorded.flows.exists()
    assert not recorded.journal.exists()
