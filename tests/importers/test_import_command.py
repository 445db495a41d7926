"""`smokerunner import`: what it writes, what it never overwrites, and what it tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Smoke

LOGIN = {
    "title": "Log in",
    "steps": [
        {"type": "navigate", "url": "http://shop.test/login", "assertedEvents": []},
        {"type": "change", "selectors": [["aria/Email"], ["#email"]], "value": "robin@example.test"},
        {"type": "change", "selectors": [["aria/Password"], ["#password"]], "value": "hunter2-and-more"},
        {"type": "click", "selectors": [["aria/Log in[role=\"button\"]"]],
         "assertedEvents": [{"type": "navigation", "url": "http://shop.test/home", "title": ""}]},
    ],
}  # fmt: skip
CUSTOM = {"type": "customStep", "name": "hunter2-and-more", "parameters": {}}
MAESTRO = "url: http://shop.test\nname: Look around\n---\n- launchApp\n- assertVisible: ${GREETING}\n"
EXISTING = """\
# Kept by hand.
app: shop
base_url: http://shop.test   # production
flows:
  look:   # first
    steps: [{goto: /}, {expect: {url: /}}]
"""


@pytest.fixture
def login(home: Path) -> Path:
    (home / "login.json").write_text(json.dumps(LOGIN))
    return Path("login.json")


def test_a_new_flow_file(smoke: Smoke, login: Path) -> None:
    ran = smoke("import", login)
    assert (ran.exit_code, ran.err) == (0, "")
    assert ran.out == (
        "flows/shop.yaml  (new)\n"
        "  + log-in  5 steps  from login.json (Chrome DevTools Recorder)\n"
        "\n"
        "Next\n"
        "  set $SHOP_PASSWORD (environment or .env) to what was typed as Password\n"
        "  smokerunner validate flows/shop.yaml\n"
        "  smokerunner run flows/shop.yaml --flow log-in\n"
    )
    written = Path("flows/shop.yaml").read_text()
    assert "hunter2" not in written
    assert "secrets: [SHOP_PASSWORD]" in written
    assert smoke("validate").exit_code == 0


def test_what_is_still_to_do_is_counted_and_validate_names_it(smoke: Smoke, login: Path) -> None:
    login.write_text(json.dumps({**LOGIN, "steps": [*LOGIN["steps"], CUSTOM]}))
    ran = smoke("import", login)
    assert ran.exit_code == 0
    assert "  + log-in  6 steps, 1 still to do  from login.json (Chrome DevTools Recorder)\n" in ran.out
    assert "Still to do\n  ✗ there is nothing like it here\n      login.json:1  customStep …\n" in ran.out
    assert "  smokerunner validate flows/shop.yaml   # 1 step is still to do; it names them\n" in ran.out
    # What was typed as a password is hidden wherever else it stands.
    assert "hunter2" not in ran.out + Path("flows/shop.yaml").read_text()
    assert smoke("validate").exit_code == 2


def test_an_existing_file_keeps_every_other_byte(smoke: Smoke, login: Path) -> None:
    Path("flows").mkdir()
    Path("flows/shop.yaml").write_text(EXISTING)
    ran = smoke("import", login)
    assert ran.exit_code == 0
    assert ran.out.startswith("flows/shop.yaml\n  + log-in")
    written = Path("flows/shop.yaml").read_text()
    assert "# Kept by hand.\napp: shop\nbase_url: http://shop.test   # production\n" in written
    assert "flows:\n  look:   # first\n    steps: [{goto: /}, {expect: {url: /}}]\n" in written
    assert smoke("validate").exit_code == 0


def test_a_flow_is_never_overwritten_unasked(smoke: Smoke, login: Path) -> None:
    smoke("import", login)
    before = Path("flows/shop.yaml").read_bytes()
    ran = smoke("import", login)
    assert ran.exit_code == 2
    assert ran.err == (
        "flows/shop.yaml: there is a flow 'log-in' already; --replace writes over it, --flow NAME gives another name\n"
    )
    assert Path("flows/shop.yaml").read_bytes() == before
    assert smoke("import", login, "--flow", "again").exit_code == 0
    changed = {**LOGIN, "title": "log in", "steps": [*LOGIN["steps"][:1], *LOGIN["steps"][3:]]}
    login.write_text(json.dumps(changed))
    ran = smoke("import", login, "--replace")
    assert "  ~ log-in  3 steps  from login.json" in ran.out
    assert smoke("validate").exit_code == 0
    assert Path("flows/shop.yaml").read_text().count("${secrets.SHOP_PASSWORD}") == 1


def test_dry_run_prints_the_file_and_writes_nothing(smoke: Smoke, login: Path) -> None:
    ran = smoke("import", login, "--dry-run")
    assert ran.exit_code == 0
    assert ran.out.startswith("app: shop\nbase_url: http://shop.test\n")
    assert "Next\n" in ran.err
    assert not Path("flows").exists()


def test_files_of_two_formats_and_two_apps_at_once(smoke: Smoke, login: Path) -> None:
    Path("look.yaml").write_text(MAESTRO.replace("shop.test", "books.test").replace("${GREETING}", "Hello"))
    ran = smoke("import", login, "look.yaml")
    assert ran.exit_code == 0
    assert sorted(path.name for path in Path("flows").iterdir()) == ["books.yaml", "shop.yaml"]
    assert ran.out.count("\nNext\n") == 1


def test_the_same_password_twice_is_one_secret(smoke: Smoke, login: Path) -> None:
    Path("again.json").write_text(json.dumps({**LOGIN, "title": "Log in again"}))
    assert smoke("import", login, "again.json").exit_code == 0
    written = Path("flows/shop.yaml").read_text()
    assert "secrets: [SHOP_PASSWORD]" in written
    assert written.count("${secrets.SHOP_PASSWORD}") == 2


def test_two_passwords_are_two_secrets(smoke: Smoke, login: Path) -> None:
    Path("other.json").write_text(json.dumps({**LOGIN, "title": "Other"}).replace("hunter2-and-more", "correct horse"))
    assert smoke("import", login, "other.json").exit_code == 0
    assert "secrets: [SHOP_PASSWORD, SHOP_PASSWORD_2]" in Path("flows/shop.yaml").read_text()


def test_the_same_title_twice_is_numbered(smoke: Smoke, login: Path) -> None:
    Path("again.json").write_text(json.dumps(LOGIN))
    assert "  + log-in-2  " in smoke("import", login, "again.json").out


def test_where_it_goes_can_be_said(smoke: Smoke, login: Path) -> None:
    assert smoke("import", login, "--into", "smoke/web.yaml", "--base-url", "http://shop.test/").exit_code == 0
    assert Path("smoke/web.yaml").read_text().startswith("app: web\nbase_url: http://shop.test\n")
    assert smoke("import", login, "--app", "other").out.startswith("flows/other.yaml  (new)\n")
    ran = smoke("import", login, "--app", "third", "--into", "smoke/web.yaml", "--flow", "x")
    assert (ran.exit_code, ran.err) == (2, "smoke/web.yaml: is the file of the app 'web', not of 'third'\n")


def test_a_base_url_must_be_an_address(smoke: Smoke, login: Path) -> None:
    ran = smoke("import", login, "--base-url", "shop.test")
    assert (ran.exit_code, ran.err) == (
        2,
        "--base-url: 'shop.test' is no address; write it like https://shop.example\n",
    )


def test_another_origin_is_said(smoke: Smoke, login: Path) -> None:
    smoke("import", login, "--app", "shop")
    login.write_text(json.dumps(LOGIN).replace("http://shop.test", "http://127.0.0.1:8000"))
    out = smoke("import", login, "--app", "shop", "--flow", "local").out
    assert "  local: was recorded at http://127.0.0.1:8000; the flow file's base_url is http://shop.test\n" in out


def test_a_variable_without_a_value_is_imported_and_validate_names_it(smoke: Smoke, home: Path) -> None:
    Path("look.yaml").write_text(MAESTRO)
    ran = smoke("import", "look.yaml")
    assert ran.exit_code == 0
    assert "  ! nobody gives it a value; write it under `variables:`, or pass it by --var\n" in ran.out
    checked = smoke("validate")
    assert checked.exit_code == 2
    assert "GREETING" in checked.err


def test_bad_input_writes_nothing_and_names_every_file(smoke: Smoke, login: Path) -> None:
    Path("notes.txt").write_text("hello")
    Path("broken.json").write_text('{"title": "x", "steps": [{"type": "click"}]}')
    ran = smoke("import", login, "notes.txt", "broken.json", "missing.json")
    assert ran.exit_code == 2
    assert [line.partition(":")[0] for line in ran.err.splitlines()] == ["notes.txt", "broken.json", "missing.json"]
    assert not Path("flows").exists()
    ran = smoke("import", login, login, "--flow", "x")
    assert (ran.exit_code, ran.err) == (2, "--flow names one flow, and there are 2: Log in, Log in\n")


def test_a_file_that_was_broken_before_is_left_as_it_is(smoke: Smoke, login: Path) -> None:
    Path("flows").mkdir()
    Path("flows/shop.yaml").write_text("app: [shop\n")
    assert smoke("import", login).exit_code == 2
    assert Path("flows/shop.yaml").read_text() == "app: [shop\n"


def test_an_upload_waits_for_its_file(smoke: Smoke, login: Path) -> None:
    chosen = {"type": "change", "selectors": [["aria/Avatar"]], "value": "C:\\fakepath\\me.png"}
    login.write_text(json.dumps({**LOGIN, "steps": [LOGIN["steps"][0], chosen]}))
    assert ", 1 still to do  from login.json" in smoke("import", login, "--flow", "without").out
    assert "todo: 'put me.png beside this file, and write: {upload: {label: {is: Avatar}}, with: me.png}'" in (
        Path("flows/shop.yaml").read_text()
    )
    Path("flows/me.png").write_bytes(b"a picture")
    assert "still to do" not in smoke("import", login, "--flow", "with").out


def test_what_does_nothing_is_no_flow(smoke: Smoke, login: Path) -> None:
    login.write_text(json.dumps({"title": "Size", "steps": [{"type": "setViewport", "width": 1, "height": 1}]}))
    ran = smoke("import", login)
    assert (ran.exit_code, ran.err) == (2, "login.json: holds no flow with a step (Chrome DevTools Recorder)\n")


def test_import_writes_through_a_link_and_leaves_no_scratch_file(smoke: Smoke, login: Path) -> None:
    Path("elsewhere").mkdir()
    Path("elsewhere/shop.yaml").write_text(EXISTING)
    Path("flows").mkdir()
    Path("flows/shop.yaml").symlink_to(Path("../elsewhere/shop.yaml"))
    assert smoke("import", login).exit_code == 0
    assert Path("flows/shop.yaml").is_symlink()
    assert "log-in:" in Path("elsewhere/shop.yaml").read_text()
    assert [path.name for path in Path("elsewhere").iterdir()] == ["shop.yaml"]
