"""What init writes for apps that nobody here wrote, unedited: green with the right password, red with a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from smokerunner.language.load import load
from tests.apps.lab.hosting import hosted, place_of
from tests.conftest import Smoke

pytestmark = [pytest.mark.apps, pytest.mark.e2e, pytest.mark.timeout(900)]

# The account that each app is seeded with, where its visitors begin, and the flows that are found.
APPS = {
    "laravel": ("demo@lab.test", "demo-pass-123", "/", ["home", "register", "login", "reset"]),
    "oscar": ("admin@lab.test", "Admin-pass-123", "/", ["home", "register", "login", "reset"]),
    "wagtail": ("admin", "Admin-pass-123", "/admin/", ["login", "reset"]),
}


@pytest.mark.parametrize("tried", [True, False], ids=["tried", "only looked at"])
@pytest.mark.parametrize("app", APPS)
def test_the_log_in_is_green_and_red(
    smoke: Smoke, home: Path, monkeypatch: pytest.MonkeyPatch, app: str, tried: bool
) -> None:
    user, password, start, flows = APPS[app]
    secret = f"{app.upper()}_PASSWORD"
    monkeypatch.setenv(secret, password)
    path = home / "flows" / f"{app}.yaml"
    with hosted("maildev", app):
        words = ["init", app, "--url", place_of(app).url.rstrip("/").removesuffix("/admin") + start, "--yes"]
        ran = smoke(*words, *(["--username", user, "--email", "admin@lab.test"] if tried else []))
        assert ran.exit_code == 0, ran.err
        if not tried:
            path.write_text(path.read_text().replace("username: smoke@example.test", f"username: {user}"))
        found = list(load(path).file.flows)
        assert [flow for flow in found if flow != "logout"] == flows
        # Wagtail keeps its way out in a menu of its side bar.
        assert ("logout" in found) == tried or app == "wagtail"
        for check in (("validate",), ("lint",), ("format", "--check")):
            assert smoke(*check).exit_code == 0, check
        named = [word for name in found if name in ("home", "login", "logout") for word in ("--flow", name)]
        green = smoke("run", app, *named, "--quiet")
        assert green.exit_code == 0, green.out
        monkeypatch.setenv(secret, "not-the-password-1")
        red = smoke("run", app, "--flow", "login", "--quiet")
        assert (red.exit_code, [flow.name for flow in red.run.results]) == (1, ["login"])
