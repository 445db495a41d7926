"""`smokerunner init` on small sites: what it writes, what it leaves alone, and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from smokerunner.cli.init import command
from smokerunner.language.load import load
from smokerunner.model.flow import FlowFile
from tests.conftest import Smoke
from tests.scouting.scouted_site import DJANGO, RAILS, WORDPRESS, Answer, only, served

pytestmark = pytest.mark.e2e


def flow_file(home: Path, app: str) -> FlowFile:
    return load(home / "flows" / f"{app}.yaml").file


def steps_of(file: FlowFile, flow: str) -> list[str]:
    return [step.title for step in file.flows[flow].steps]


def is_clean(smoke: Smoke) -> None:
    """What was written is valid, lint-clean but for infos, and in the one style."""
    for words in (("validate",), ("lint",), ("format", "--check")):
        ran = smoke(*words)
        assert (ran.exit_code, ran.err) == (0, ""), words


def test_a_wordpress_is_known_and_all_is_written(smoke: Smoke, home: Path) -> None:
    asked: list[str] = []
    with served(WORDPRESS, asked) as url:
        ran = smoke("init", "blog", "--url", url, "--ci", "github")
    assert ran.exit_code == 0, ran.err
    assert "looks like WordPress" in ran.err
    file = flow_file(home, "blog")
    assert list(file.flows) == ["home", "register", "login", "reset"]
    assert str(file.base_url) == url
    assert steps_of(file, "login")[:4] == [
        "goto /wp-login.php",
        'fill label "Username or Email Address"',
        'fill label exactly "Password"',
        'click button "Log In"',
    ]
    # Accounts come by mail here, so there is no password to type.
    assert [step.action for step in file.flows["register"].steps] == ["goto", "fill", "fill", "click", "expect"]
    assert "mail" in [step.action for step in file.flows["reset"].steps]
    is_clean(smoke)
    # It only looked: nothing was sent, and no link that logs out was followed.
    assert {line.split()[0] for line in asked} == {"GET"}
    assert not [line for line in asked if "logout" in line]
    workflow = YAML(typ="safe").load(home / ".github" / "workflows" / "smoke.yml")
    runs = [step.get("run", "") for step in workflow["jobs"]["smoke"]["steps"]]
    assert [line for line in runs if line.startswith("smokerunner run --env local --not-tag mail ")]
    assert (home / ".env.example").read_text().splitlines()[-1] == "BLOG_PASSWORD="
    assert (home / ".gitignore").read_text().split() == ["evidence/", ".smokerunner/", ".env"]
    assert "smokerunner validate blog" in ran.out


def test_a_rails_app_that_links_to_nothing_is_looked_at_where_such_apps_have_their_forms(
    smoke: Smoke, home: Path
) -> None:
    with served(RAILS) as url:
        ran = smoke("init", "ledger", "--url", url)
    assert "looks like Rails" in ran.err
    file = flow_file(home, "ledger")
    assert list(file.flows) == ["home", "register", "login", "reset"]
    assert steps_of(file, "register")[:5] == [
        "goto /users/sign_up",
        'fill label "Email"',
        'fill label exactly "Password"',
        'fill label "Password confirmation"',
        'click button "Sign up"',
    ]
    assert [facts.url[0].text for step in file.flows["login"].steps if (facts := getattr(step, "expect", None))] == [
        r"^(?!.*/users/sign_in(\?|$))"
    ]
    is_clean(smoke)


def test_a_django_admin_that_begins_with_its_log_in(smoke: Smoke, home: Path) -> None:
    with served(DJANGO) as url:
        ran = smoke("init", "office", "--url", f"{url}/admin/")
    assert "looks like Django" in ran.err
    file = flow_file(home, "office")
    assert list(file.flows) == ["login", "reset"]
    assert steps_of(file, "login")[0] == "goto /admin/"
    assert file.base_url == url
    is_clean(smoke)


def test_two_forms_on_one_page_with_the_same_labels(smoke: Smoke, home: Path) -> None:
    with served({**only("plain"), "/two": Answer("two-forms")}) as url:
        assert smoke("init", "shop", "--url", url, "--login", "/two", "--register", "/two").exit_code == 0
    file = flow_file(home, "shop")
    assert steps_of(file, "login")[1:4] == [
        'fill label "Email address" within css #login_form',
        'fill label "Password" within css #login_form',
        'click button "Log In"',
    ]
    register = str(steps_of(file, "register"))
    assert "register_form" in register
    assert "I accept the terms" in register
    is_clean(smoke)


def test_a_banner_is_taken_away_and_a_captcha_is_named(smoke: Smoke, home: Path) -> None:
    with served(only("banner")) as url:
        assert "Nur notwendige" in smoke("init", "cafe", "--url", url).err
    assert flow_file(home, "cafe").dismiss[0].button is not None
    with served(only("captcha")) as url:
        assert smoke("init", "gate", "--url", url).exit_code == 0
    text = (home / "flows" / "gate.yaml").read_text()
    assert "# A CAPTCHA (hCaptcha) stands on this form." in text
    assert "docs/obstacles.md" in text
    is_clean(smoke)


def test_a_form_that_a_button_brings(smoke: Smoke, home: Path) -> None:
    with served(only("modal")) as url:
        assert smoke("init", "orchard", "--url", url).exit_code == 0
    assert steps_of(flow_file(home, "orchard"), "login")[:3] == [
        "goto /",
        'click button "Sign in"',
        'fill label "Email"',
    ]
    is_clean(smoke)


def test_an_app_of_scripts_is_waited_for_and_tried(smoke: Smoke, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOARD_PASSWORD", "right-password-1")
    with served(only("spa")) as url:
        ran = smoke("init", "board", "--url", url, "--username", "kim@example.test")
        assert (ran.exit_code, "logged in as kim@example.test, and out again" in ran.err) == (0, True), ran.err
        file = flow_file(home, "board")
        assert [step.action for step in file.flows["logout"].steps] == ["use", "click", "click", "expect"]
        is_clean(smoke)
        assert smoke("run", "board", "--quiet").exit_code == 0
        monkeypatch.setenv("BOARD_PASSWORD", "wrong-password-1")
        assert smoke("run", "board", "--flow", "login", "--quiet").exit_code == 1


def test_an_account_that_is_refused_is_said_and_not_believed(
    smoke: Smoke, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOARD_PASSWORD", "wrong-password-1")
    with served(only("spa")) as url:
        ran = smoke("init", "board", "--url", url, "--username", "kim@example.test")
    assert ran.exit_code == 3
    assert "not logged in as kim@example.test: “That is not right”" in ran.err
    assert "Nobody has logged in while this was written" in (home / "flows" / "board.yaml").read_text()
    assert "wrong-password-1" not in ran.out + ran.err


def test_what_only_a_recording_can_do_is_said(smoke: Smoke, home: Path) -> None:
    first_half = "<h1>Sign in</h1><form><label>Email <input type=email name=email></label><button>Next</button></form>"
    elsewhere = '<h1>Portal</h1><p>Our own portal.</p><a href="https://sso.example/login">Log in</a>'
    with served({"/": Answer(body=elsewhere), "/enter": Answer(body=first_half)}) as url:
        assert "leads to another host, sso.example" in smoke("init", "portal", "--url", url).err
        ran = smoke("init", "half", "--url", f"{url}/enter")
    assert "the password on the next; `smokerunner record` writes such a flow" in ran.err
    assert ran.exit_code == 0


def test_a_framework_that_hides_itself_can_be_named(smoke: Smoke, home: Path) -> None:
    asked: list[str] = []
    with served({**only("plain"), "/users/sign_in": RAILS["/users/sign_in"]}, asked) as url:
        ran = smoke("init", "ledger", "--url", url, "--framework", "rails")
    assert list(flow_file(home, "ledger").flows) == ["home", "login"]
    assert ran.exit_code == 0
    assert "GET /wp-login.php" not in asked


def test_a_page_without_forms_still_gets_a_first_flow(smoke: Smoke, home: Path) -> None:
    with served(only("plain")) as url:
        ran = smoke("init", "hours", "--url", url)
    assert ran.exit_code == 0
    assert "no log-in form was found" in ran.out
    assert list(flow_file(home, "hours").flows) == ["home"]
    assert not (home / ".env.example").exists()
    is_clean(smoke)


def test_basic_auth_is_named_then_used_and_written_down(
    smoke: Smoke, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = Answer(status=401, headers={"WWW-Authenticate": 'Basic realm="staging"'}, body="<p>401</p>")
    with served({"/": locked, "signed in": Answer("plain")}) as url:
        ran = smoke("init", "shop", "--url", url)
        assert ran.exit_code == 2
        assert "HTTP basic auth" in ran.err
        assert "--http-username" in ran.err
        assert not (home / "flows").exists()
        monkeypatch.setenv("SHOP_HTTP_PASSWORD", "letmein-please")
        assert smoke("init", "shop", "--url", url, "--http-username", "qa").exit_code == 0
    settings = YAML(typ="safe").load(home / "smokerunner.yaml")["apps"]["shop"]["environments"]["local"]
    signed = {"username": "qa", "password": "${secrets.SHOP_HTTP_PASSWORD}"}
    assert settings["browser"] == {"http_credentials": signed}
    assert [secret.name for secret in flow_file(home, "shop").secrets] == ["SHOP_HTTP_PASSWORD"]
    is_clean(smoke)


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (Answer(headers={"Content-Type": "application/json"}, body="{}"), 2, "that is application/json"),
        (Answer(headers={"Content-Type": "application/zip"}, body="PK"), 2, "that is application/zip"),
        (Answer(status=404, body="<h1>No</h1>"), 2, "answers with status 404; give the address of a page"),
        (Answer(status=503, body="<h1>Later</h1>"), 3, "answers with status 503; init looks at an app that works"),
        (Answer(status=403, body="<h1>No robots</h1>"), 3, "may keep robots out"),
    ],
    ids=["json", "file", "missing", "broken", "refused"],
)
def test_what_is_no_page_of_an_app_is_said_in_a_line(
    smoke: Smoke, home: Path, answer: Answer, code: int, said: str
) -> None:
    with served({"/": answer}) as url:
        ran = smoke("init", "shop", "--url", url)
    assert (ran.exit_code, said in ran.err) == (code, True), ran.err
    assert "Traceback" not in ran.err
    assert not list(home.iterdir())


def test_another_host_is_another_app(smoke: Smoke, home: Path) -> None:
    with served(only("plain")) as there, served({"/": Answer(status=302, headers={"Location": there})}) as here:
        ran = smoke("init", "shop", "--url", here)
    assert ran.exit_code == 2
    assert f"leads to another host, {there}; if that is the app, give --url {there}" in ran.err


def test_nothing_answers(smoke: Smoke, home: Path) -> None:
    ran = smoke("init", "shop", "--url", "http://127.0.0.1:9")
    assert ran.exit_code in (2, 3)
    assert "cannot be opened" in ran.err
    assert not list(home.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "where is the app? give --url"),
        (("shop", "--url", "127.0.0.1:8000"), "write http://127.0.0.1:8000"),
        (("shop", "--url", "ftp://a.test"), "is not an address; write http://"),
        (("shop", "--url", "http://me:secret@a.test"), "take user and password out"),
        (("My Shop", "--url", "http://a.test"), "write e.g. my-shop"),
        (("shop", "--url", "http://a.test", "--env", "a b"), "--env a b"),
        (("shop", "--url", "http://a.test", "--username", "kim"), "read from $SHOP_PASSWORD"),
        (("shop", "--url", "http://a.test", "--maildev", "1080"), "--maildev 1080"),
        (("shop", "--url", "http://a.test", "--framework", "cobol"), "'cobol' is not one of"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_is_said_before_any_browser_starts(
    smoke: Smoke, home: Path, words: tuple[str, ...], said: str
) -> None:
    ran = smoke("init", *words)
    assert (ran.exit_code, said in ran.err) == (2, True), ran.err
    assert not list(home.iterdir())


def test_a_form_that_is_not_where_it_is_said_to_be(smoke: Smoke, home: Path) -> None:
    with served(only("plain")) as url:
        ran = smoke("init", "shop", "--url", url, "--login", "/enter")
    assert ran.exit_code == 2
    assert "--login /enter: there is no form to log in on that page" in ran.err


def test_it_asks_on_a_terminal(home: Path) -> None:
    with served(only("spa")) as url:
        answers = f"{url}\nboard\nlocal\nkim@example.test\nright-password-1\ngithub\n"
        ran = CliRunner().invoke(command, ["--ask"], input=answers, standalone_mode=False)
    assert ran.exception is None, ran.output
    assert "Where is the app" in ran.output
    assert "right-password-1" not in ran.output
    assert list(flow_file(home, "board").flows) == ["login", "logout"]
    assert (home / ".github" / "workflows" / "smoke.yml").is_file()


def test_nothing_is_written_over_unasked(smoke: Smoke, home: Path) -> None:
    flows = home / "flows" / "shop.yaml"
    flows.parent.mkdir()
    flows.write_text("app: shop\n")
    with served(only("plain")) as url:
        ran = smoke("init", "shop", "--url", url)
        assert ran.exit_code == 2
        assert "is there already; --force writes it anew" in ran.err
        assert flows.read_text() == "app: shop\n"
        assert smoke("init", "shop", "--url", url, "--force").exit_code == 0
    assert "home:" in flows.read_text()
