"""What init writes for the demo shop, unedited: green with the right password, red with a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from smokerunner.demo.deploy import Deploy
from smokerunner.demo.server import Acorn
from smokerunner.language.load import load
from tests.conftest import Smoke
from tests.e2e.outcome_site import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

RIGHT, WRONG = "a-right-password-1", "a-wrong-password-1"
WHO = "robin@example.test"


def open_account(base_url: str) -> None:
    with httpx.Client(base_url=base_url, follow_redirects=True) as visitor:
        token = re.search(r'name="csrf" value="([^"]*)"', visitor.get("/register").text)
        assert token is not None
        account = {"csrf": token[1], "name": "Robin Ek", "email": WHO, "password": RIGHT}
        assert visitor.post("/register", data=account).url.path == "/dashboard"


@pytest.fixture
def shop() -> Iterator[Deploy]:
    with Deploy() as deploy:
        open_account(deploy.base_url)
        yield deploy


def turns_green_and_red(smoke: Smoke, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (("validate",), ("lint",), ("format", "--check")):
        assert smoke(*words).exit_code == 0, words
    monkeypatch.setenv("ACORN_PASSWORD", RIGHT)
    assert smoke("run", "acorn", "--not-tag", "mail", "--quiet").exit_code == 0
    monkeypatch.setenv("ACORN_PASSWORD", WRONG)
    ran = smoke("run", "acorn", "--flow", "login", "--quiet")
    assert (ran.exit_code, [flow.name for flow in ran.run.results]) == (1, ["login"])


def test_with_an_account(smoke: Smoke, home: Path, shop: Deploy, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / ".env").write_text(f"ACORN_PASSWORD={RIGHT}\n")
    ran = smoke("init", "acorn", "--url", shop.base_url, "--username", WHO, "--try-register")
    assert ran.exit_code == 0, ran.err
    assert f"logged in as {WHO}, and out again" in ran.err
    file = load(home / "flows" / "acorn.yaml").file
    assert list(file.flows) == ["home", "register", "login", "logout", "reset"]
    text = (home / "flows" / "acorn.yaml").read_text()
    assert "visible: [{button: Log out}, {heading: 'Welcome, Robin Ek'}]" in text
    assert "init opened an account in this way" in text
    assert RIGHT not in "".join(path.read_text() for path in home.rglob("*") if path.is_file() and path.name != ".env")
    turns_green_and_red(smoke, monkeypatch)


def test_without_an_account_nothing_is_sent(
    smoke: Smoke, home: Path, shop: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = smoke("init", "acorn", "--url", shop.base_url)
    assert ran.exit_code == 0, ran.err
    path = home / "flows" / "acorn.yaml"
    assert "username: smoke@example.test" in path.read_text()
    assert "write an account that exists into flows/acorn.yaml" in ran.out
    path.write_text(path.read_text().replace("smoke@example.test", WHO))
    turns_green_and_red(smoke, monkeypatch)


def test_the_reset_flow_finds_its_mail(smoke: Smoke, home: Path) -> None:
    port = free_port()
    (home / ".env").write_text(f"ACORN_PASSWORD={RIGHT}\n")
    settings = (
        f"apps:\n  acorn:\n    environments:\n      local:\n        mailbox: {{embedded: {{port: {port}}}}}  # ours\n"
    )
    (home / "smokerunner.yaml").write_text(settings)
    shop = Acorn(port)
    shop.start()
    try:
        open_account(shop.base_url)
        assert smoke("init", "acorn", "--url", shop.base_url, "--username", WHO).exit_code == 0
        text = (home / "smokerunner.yaml").read_text()
        assert f"mailbox: {{embedded: {{port: {port}}}}}  # ours" in text
        assert f"base_url: {shop.base_url}" in text
        assert "name a `mailbox`" not in (home / "flows" / "acorn.yaml").read_text()
        assert smoke("run", "acorn", "--flow", "reset", "--quiet").exit_code == 0
    finally:
        shop.stop()
