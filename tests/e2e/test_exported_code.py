"""Exported code is run as a stranger would run it, against the demo: green on a good deploy, red on a bad one."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from smokerunner.browser.binary import Binary
from smokerunner.demo.deploy import Deploy, flow_file
from smokerunner.demo.server import Acorn
from smokerunner.mail.embedded import EmbeddedSettings
from tests.conftest import Smoke

pytestmark = pytest.mark.e2e

PASSWORD = "a-Password-for-tests-7"
WITHOUT_MAIL = (
    "browse", "api", "cart", "register", "login", "mistakes", "logout", "checkout", "declined", "order", "profile",
)  # fmt: skip


def settings(deploy: Deploy, binary: Binary) -> dict[str, str]:
    return {
        **os.environ,
        "SMOKE_BASE_URL": deploy.base_url,
        "SMOKE_PASSWORD": PASSWORD,
        "SMOKE_BROWSER": str(binary.path),
        "SMOKE_FILES": str(flow_file().parent),
    }


def write(smoke: Smoke, language: str, flows: Sequence[str], out: Path) -> None:
    names = [word for flow in flows for word in ("--flow", flow)]
    ran = smoke("export", flow_file(), *names, "--to", language, "--out", out)
    assert ran.exit_code == 0, ran.err


def run(command: Sequence[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=280, check=False
    )


def run_python(folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", str(folder)]
    return run(command, folder, environment)


def outcomes(text: str) -> dict[str, int]:
    """What pytest or Playwright Test count in their last lines."""
    return {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|errors?|skipped)\b", text)}


@pytest.mark.parametrize(
    "flows",
    [
        pytest.param(("login", "order"), id="two"),
        pytest.param(WITHOUT_MAIL, id="all", marks=pytest.mark.slow),
    ],
)
def test_python_is_green(flows: tuple[str, ...], smoke: Smoke, home: Path, binary: Binary) -> None:
    write(smoke, "playwright-python", flows, home / "test_acorn.py")
    with Deploy() as deploy:
        ran = run_python(home, settings(deploy, binary))
    assert outcomes(ran.stdout) == {"passed": len(flows)}, ran.stdout
    assert ran.returncode == 0


@pytest.mark.parametrize(
    ("fault", "flow"),
    [
        ("login-500", "login"),
        pytest.param("button-renamed", "order", marks=pytest.mark.slow),
        pytest.param("js-error", "cart", marks=pytest.mark.slow),
        pytest.param("worker-stopped", "order", marks=pytest.mark.slow),
        pytest.param("debug-page", "profile", marks=pytest.mark.slow),
    ],
)
def test_python_is_red_on_a_bad_deploy(fault: str, flow: str, smoke: Smoke, home: Path, binary: Binary) -> None:
    write(smoke, "playwright-python", [flow], home / "test_acorn.py")
    with Deploy(fault) as deploy:
        ran = run_python(home, settings(deploy, binary))
    assert ran.returncode == 1, ran.stdout
    assert outcomes(ran.stdout) == {"failed": 1}, ran.stdout


@pytest.mark.slow
def test_mail_asks_for_a_hand(smoke: Smoke, home: Path, binary: Binary) -> None:
    write(smoke, "playwright-python", ["confirm"], home / "test_acorn.py")
    with Deploy() as deploy:
        ran = run_python(home, settings(deploy, binary))
    assert ran.returncode == 1
    assert "NotImplementedError: wait_for_mail: ask your mailbox for a message to confirm+" in ran.stdout


# What a user fills in for the two helpers: here the mailbox is a page with JSON, an object a message, newest first.
PYTHON_MAIL = """
    import json
    import time
    import urllib.request

    deadline = time.monotonic() + timeout / 1000
    while time.monotonic() < deadline:
        with urllib.request.urlopen(os.environ["MAILBOX"]) as answer:
            for seen in json.load(answer):
                if to in seen["to"] and subject.search(seen["subject"]):
                    return Mail("", [(link["text"], link["href"]) for link in seen["links"]], {})
        time.sleep(0.2)
    raise AssertionError(f"no mail to {to}")
"""
TYPESCRIPT_MAIL = """
  const deadline = Date.now() + timeout;
  while (Date.now() < deadline) {
    const answer = await fetch(process.env.MAILBOX!);
    for (const seen of await answer.json())
      if (seen.to.includes(to) && subject!.test(seen.subject)) return { text: '', links: seen.links, headers: {} };
    await new Promise(resolve => setTimeout(resolve, 200));
  }
"""


@contextmanager
def shop_with_mail() -> Iterator[dict[str, str]]:
    """The demo with a mailbox that can be asked over HTTP: what the exported code takes from the environment."""
    mailbox = EmbeddedSettings.model_validate({"port": 0}).open()

    class Messages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen = asyncio.run(mailbox.messages(datetime(2000, 1, 1, tzinfo=UTC)))
            said = [
                {"to": mail.recipients, "subject": mail.subject, "links": [link.model_dump() for link in mail.anchors]}
                for mail in seen
            ]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with Acorn(mailbox.port) as acorn, ThreadingHTTPServer(("127.0.0.1", 0), Messages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield {"SMOKE_BASE_URL": acorn.base_url, "MAILBOX": f"http://127.0.0.1:{server.server_port}/"}
        finally:
            server.shutdown()
            thread.join()
            asyncio.run(mailbox.close())


@pytest.mark.slow
@pytest.mark.parametrize("language", ["playwright-python", "playwright-test"])
def test_mail_works_once_the_helper_is_filled_in(
    language: str, smoke: Smoke, home: Path, binary: Binary, request: pytest.FixtureRequest
) -> None:
    python = language == "playwright-python"
    folder = home if python else request.getfixturevalue("suite")
    path = folder / ("test_acorn.py" if python else "acorn.spec.ts")
    write(smoke, language, ["confirm", "reset"], path)
    code = path.read_text()
    hook = re.search(r"^ +(raise|throw new) \w+\(f?.(wait_for_mail|waitForMail): .*$", code, re.MULTILINE)
    assert hook is not None
    path.write_text(code.replace(hook[0], PYTHON_MAIL if python else TYPESCRIPT_MAIL + hook[0]))
    with shop_with_mail() as place:
        environment = {**os.environ, **place, "SMOKE_PASSWORD": PASSWORD, "SMOKE_BROWSER": str(binary.path)}
        ran = (run_python if python else run_typescript)(folder, environment)
    assert outcomes(ran.stdout) == {"passed": 2}, ran.stdout


# --- TypeScript ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def playwright_test() -> Path:
    """The folder with @playwright/test, installed once; two runs at once wait for each other."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("@playwright/test needs npm and node, and they are not installed")
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "smokerunner-tests" / "playwright-test"
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / ".installed"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "@playwright/test@1"]
            environment = {**os.environ, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}
            subprocess.run(command, check=True, capture_output=True, timeout=240, env=environment)
            done.touch()
    return folder / "node_modules"


@pytest.fixture
def suite(home: Path, playwright_test: Path) -> Path:
    folder = home / "suite"
    folder.mkdir()
    (folder / "node_modules").symlink_to(playwright_test)
    return folder


def run_typescript(folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    script = folder / "node_modules" / "@playwright" / "test" / "cli.js"
    return run(["node", str(script), "test", "--workers=1", "--reporter=line"], folder, environment)


@pytest.mark.slow
def test_typescript_is_green(smoke: Smoke, suite: Path, binary: Binary) -> None:
    write(smoke, "playwright-test", WITHOUT_MAIL, suite / "acorn.spec.ts")
    with Deploy() as deploy:
        ran = run_typescript(suite, settings(deploy, binary))
    assert ran.returncode == 0, ran.stdout
    assert outcomes(ran.stdout) == {"passed": len(WITHOUT_MAIL)}


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "flow"), [("login-500", "login"), ("button-renamed", "order")])
def test_typescript_is_red_on_a_bad_deploy(fault: str, flow: str, smoke: Smoke, suite: Path, binary: Binary) -> None:
    write(smoke, "playwright-test", [flow], suite / "acorn.spec.ts")
    with Deploy(fault) as deploy:
        ran = run_typescript(suite, settings(deploy, binary))
    assert ran.returncode == 1, ran.stdout
    assert outcomes(ran.stdout) == {"failed": 1}


@pytest.mark.slow
def test_typescript_with_everything_is_understood(smoke: Smoke, suite: Path) -> None:
    everything = Path(__file__).parents[1] / "authoring" / "exported" / "everything.yaml"
    ran = smoke("export", everything, "--to", "playwright-test", "--out", suite / "everything.spec.ts")
    assert ran.exit_code == 0, ran.err
    script = suite / "node_modules" / "@playwright" / "test" / "cli.js"
    listed = run(["node", str(script), "test", "--list"], suite, {**os.environ, "SHOP_PASSWORD": "x", "SHOP_SEED": "y"})
    assert listed.returncode == 0, listed.stdout + listed.stderr
    assert "Total: 3 tests in 1 file" in listed.stdout
