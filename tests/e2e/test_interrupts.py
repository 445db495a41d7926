"""Interrupts, killed browsers and browsers that never start: what exists is sealed, and no process is left."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from smokerunner.evidence.verify import verify
from smokerunner.model.outcome import Outcome
from smokerunner.model.run import Run
from tests.e2e.outcome_site import Site, children, command_of, descendants, is_alive, replay, start, wait_until, write

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are read from /proc"),
]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        running.pages["/cleaned"] = "cleaned"
        yield running


class Observed:
    """A run in a process of its own, and every process it ever had."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.family: set[int] = set()
        self.out = self.err = ""

    def look(self) -> set[int]:
        self.family |= set(descendants(self.process.pid))
        return self.family

    @property
    def browsers(self) -> list[int]:
        """The main processes of browsers. Distributions wrap them in a script; helpers have one long word only."""
        found = [
            pid
            for pid in self.look()
            if is_alive(pid) and "--remote-debugging-pipe" in (words := command_of(pid)) and words[0] != "/bin/sh"
        ]
        # A process that was only just forked still has its parent's command line.
        return [pid for pid in found if not any(pid in children(other) for other in found)]

    def end(self, limit: float = 60) -> int:
        self.look()
        self.out, self.err = self.process.communicate(timeout=limit)
        return self.process.returncode

    def nobody_is_left(self) -> None:
        assert len(self.family) >= 3, "driver, browser and its helpers were seen"
        wait_until(lambda: not [pid for pid in self.family if is_alive(pid)], 5)

    @property
    def run(self) -> Run:
        (bundle,) = (self.folder / "evidence").glob("*/run.json")
        return Run.model_validate_json(bundle.read_text())


@contextlib.contextmanager
def observed(folder: Path, site: Site, *options: object) -> Iterator[Observed]:
    process = start(folder, site, *options)
    run = Observed(process, folder)
    try:
        yield run
    finally:
        if process.poll() is None:
            for pid in [*run.look(), process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        # Leaving it closes its pipes and waits for its end, whatever came of it.
        process.__exit__(None, None, None)


_CLEANUP = """    cleanup:
      - api: {delete: /cleaned}
"""
_SLEEPY = f"""
  done:
    steps:
      - goto: /
  sleeps:
    after: done
    steps:
      - goto: /
      - use: naps
      - goto: /never
{_CLEANUP}  naps:
    tags: [part]
    steps:
      - goto: /done
      - goto: /slow
  waits:
    needs: sleeps
    steps:
      - goto: /
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_is_sealed_and_says_so(site: Site, tmp_path: Path, number: signal.Signals) -> None:
    write(tmp_path, _SLEEPY)
    with observed(tmp_path, site, "--not-tag", "part") as run:
        wait_until(lambda: site.asked_for("/slow"))
        run.look()
        run.process.send_signal(number)
        assert run.end() == 130
        assert "interrupted: writing what there is" in run.err
        assert "Traceback" not in run.err + run.out
        assert "CANNOT TELL" in run.out
        run.nobody_is_left()
    assert run.run.interrupted
    (archive,) = (tmp_path / "evidence").glob("*.zip")
    assert verify(archive) == []
    assert verify(archive.with_suffix("")) == []
    assert not list((tmp_path / "evidence").glob(".*")), "nothing half-made is left"
    flows = {flow.name: flow for flow in run.run.flows}
    assert {name: str(flow.outcome) for name, flow in flows.items()} == {
        "done": "passed",
        "sleeps": "skipped",
        "waits": "skipped",
    }
    assert {flows[name].message for name in ("sleeps", "waits")} == {"interrupted"}
    attempt = flows["sleeps"].attempts[0]
    assert [str(step.outcome) for step in attempt.steps] == ["passed", "skipped", "skipped"]
    assert [step.title for step in attempt.steps[1].children] == ["goto /done"], "what was done is kept"
    assert attempt.steps[1].children[0].picture is not None
    assert site.asked_for("/cleaned"), "cleanup runs all the same"


def test_an_interrupt_before_the_first_flow_is_sealed_too(site: Site, tmp_path: Path) -> None:
    write(tmp_path, _SLEEPY, config="      local: {release: {path: /version, json: $.release}}")
    with observed(tmp_path, site, "--release", "8", "--wait-release", "60s") as run:
        wait_until(lambda: site.asked_for("/version"))
        run.process.send_signal(signal.SIGINT)
        assert run.end() == 130
        assert "bug" not in run.err
    assert run.run.interrupted
    assert {str(result.outcome) for result in run.run.results} == {"skipped"}


def test_the_second_interrupt_ends_at_once(site: Site, tmp_path: Path) -> None:
    write(tmp_path, _SLEEPY.replace("api: {delete: /cleaned}", "goto: '/slow?seconds=30'"))
    with observed(tmp_path, site, "--not-tag", "part") as run:
        wait_until(lambda: site.asked_for("/slow"))
        run.process.send_signal(signal.SIGINT)
        wait_until(lambda: len(site.asked_for("/slow")) == 2)
        run.look()
        run.process.send_signal(signal.SIGINT)
        # Its own cleanup would take half a minute.
        assert run.end(limit=10) == 130
        run.nobody_is_left()
    assert not list((tmp_path / "evidence").glob("*/SHA256SUMS")), "nothing looks whole"
    assert not list((tmp_path / "evidence").glob("*.zip"))


def test_an_interrupt_ends_the_runs_of_the_other_apps(site: Site, tmp_path: Path) -> None:
    write(tmp_path, _SLEEPY.replace(_CLEANUP, ""))
    (tmp_path / "flows" / "z.yaml").write_text("app: z\nflows:\n  one:\n    steps: [{goto: /z}]\n")
    with observed(tmp_path, site, "--trace", "off") as run:
        wait_until(lambda: site.asked_for("/slow"))
        run.process.send_signal(signal.SIGTERM)
        assert run.end() == 130
    assert run.run.app == "site"
    assert not site.asked_for("/z")


_KILLED = """
  first:
    steps:
      - goto: '/slow?seconds=8'
  second:
    steps:
      - goto: /
      - goto: '/slow?seconds=8'
    cleanup:
      - api: {delete: /cleaned}
  needy:
    needs: second
    steps:
      - goto: /
  third:
    after: [first, second]
    steps:
      - goto: /
  fourth:
    after: [first, second]
    steps:
      - goto: /done
"""


def test_a_killed_browser_is_an_error_of_its_flows_and_the_others_run_on(site: Site, tmp_path: Path) -> None:
    write(tmp_path, _KILLED)
    with observed(tmp_path, site, "--workers", 2) as run:
        wait_until(lambda: len(site.asked_for("/slow")) == 2)
        (browser,) = run.browsers
        os.kill(browser, signal.SIGKILL)
        wait_until(lambda: run.browsers and run.browsers != [browser])
        assert run.end() == 3
        assert "Traceback" not in run.err + run.out
        run.nobody_is_left()
    flows = {flow.name: flow for flow in run.run.flows}
    assert {name: str(flow.outcome) for name, flow in flows.items()} == {
        "first": "error",
        "second": "error",
        "needy": "skipped",
        "third": "passed",
        "fourth": "passed",
    }
    for name in ("first", "second"):
        assert "the browser or its page is gone" in flows[name].message
    assert flows["needy"].message == "needs second, which was error"
    assert flows["second"].attempts[0].steps[0].outcome is Outcome.PASSED
    assert site.asked_for("/cleaned"), "cleanup has a new browser"


def _program(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_a_browser_that_does_not_start_is_an_error_told_once(site: Site, tmp_path: Path) -> None:
    write(tmp_path, _KILLED)
    tried = tmp_path / "tried"
    broken = _program(tmp_path / "chromium", f"echo x >> {tried}; exit 1")
    ran = replay(tmp_path, site, "--browser-path", broken)
    assert ran.exit_code == 3
    assert {flow.name for flow in ran.run.flows if flow.outcome is Outcome.ERROR} == {
        "first",
        "second",
        "third",
        "fourth",
    }
    assert "the browser chromium does not start" in ran.flow("first").message
    assert ran.flow("first").attempts[0].artifacts == (), "a browser that is broken is no bug of ours"
    assert tried.read_text() == "x\n"
    assert ran.run.browser is None


def test_an_interrupt_does_not_wait_for_a_browser_that_hangs(site: Site, tmp_path: Path) -> None:
    write(tmp_path, "  one:\n    steps: [{goto: /}]\n")
    hangs = _program(tmp_path / "chromium", f"touch {tmp_path / 'tried'}; exec sleep 50")
    with observed(tmp_path, site, "--browser-path", hangs) as run:
        wait_until((tmp_path / "tried").exists)
        run.look()
        run.process.send_signal(signal.SIGINT)
        began = time.monotonic()
        assert run.end() == 130
        assert time.monotonic() - began < 30
        wait_until(lambda: not [pid for pid in run.family if is_alive(pid)], 5)
    assert run.run.interrupted


def test_a_browser_that_cannot_be_had_is_bad_input(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, _KILLED)
    missing = replay(tmp_path, site, "--browser-path", tmp_path / "nowhere")
    assert (missing.exit_code, missing.err) == (2, f"--browser-path: there is no program {tmp_path / 'nowhere'}\n")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    headed = replay(tmp_path, site, "--headed")
    assert headed.exit_code == 2
    assert "apt-get install xvfb" in headed.err
    monkeypatch.setenv("DISPLAY", ":99")
    shell = _program(tmp_path / "chromium-headless-shell", "exit 1")
    windowless = replay(tmp_path, site, "--headed", "--browser-path", shell)
    assert windowless.exit_code == 2
    assert "apt-get install chromium" in windowless.err
    assert not (tmp_path / "evidence").exists()
