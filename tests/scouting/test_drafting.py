"""The flow file that comes of a tour: valid, in the one style, lint-clean, and with honest comments."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from smokerunner.authoring.act import View
from smokerunner.authoring.formatting import formatted
from smokerunner.authoring.lint.linting import lint
from smokerunner.browser.forms import ButtonSeen, FieldSeen, FormSeen, PageSeen
from smokerunner.language.load import load
from smokerunner.model.flow import FlowFile
from smokerunner.scouting.drafting import Account, Drafted, Trials, draft
from smokerunner.scouting.frameworks import ANY, Recognised
from smokerunner.scouting.recognition import Purpose
from smokerunner.scouting.touring import Place, Tour
from smokerunner.scouting.trying import Exit, Tried

BASE = "http://shop.test"
ACCOUNT = Account("SHOP_PASSWORD")
EMAIL = FieldSeen("email", "email", label="Email", required=True, target={"label": "Email"})
PASSWORD = FieldSeen("password", "password", label="Password", required=True, target={"label": "Password"})


def place(purpose: Purpose, url: str, *fields: FieldSeen, button: str = "Go", action: str = "", **more: Any) -> Place:
    form = FormSeen(fields, (ButtonSeen(button, target={"button": button}),), action=action, **more)
    return Place(purpose, BASE + url, form, PageSeen(url=BASE + url, forms=(form,)))


LOGIN = place(Purpose.LOGIN, "/login", EMAIL, PASSWORD, button="Log in")
RESET = place(Purpose.RESET, "/forgot", EMAIL, button="Send")


def drafted(*places: Place, account: Account = ACCOUNT, has_mailbox: bool = False, **trials: Tried) -> Drafted:
    view = View(f"{BASE}/", "Shop", appeared=({"heading": "Good things"},))
    found = {one.purpose: one for one in places}
    tour = Tour(BASE, "/", view, Recognised(ANY), found, None, ())
    return draft("shop", tour, account, Trials(**trials), has_mailbox=has_mailbox)


def loaded(text: str, home: Path) -> FlowFile:
    """The file, which must be as a careful person leaves it."""
    path = home / "shop.yaml"
    path.write_text(text)
    assert formatted(text, str(path)) == text
    assert not [notice for notice in lint(path) if notice.rule.level == "warning"]
    return load(path).file


def login_url(text: str) -> str | None:
    found = re.search(r"url: \{matches: '(.*)'\}", text)
    return found[1] if found else None


def test_nothing_but_a_first_page(home: Path) -> None:
    made = drafted()
    file = loaded(made.text, home)
    assert (list(file.flows), made.secrets, file.secrets) == (["home"], (), ())
    assert "visible: {heading: Good things}" in made.text


@pytest.mark.parametrize(
    ("url", "action", "refused", "passed"),
    [
        ("/login", "", ["/login", "/login?next=/x"], ["/", "/login/done", "/dashboard"]),
        ("/login", "/sessions", ["/login", "/sessions"], ["/sessions/1", "/home"]),
        ("/accounts/login/", "/accounts/login/", ["/accounts/login/"], ["/accounts/"]),
        ("/wp-login.php", "/wp-login.php", ["/wp-login.php?x=1"], ["/wp-admin/", "/wp-loginXphp"]),
        ("/login", "/", ["/login"], ["/", "/home"]),
    ],
)
def test_without_an_account_any_other_page_will_do(
    home: Path, url: str, action: str, refused: list[str], passed: list[str]
) -> None:
    made = drafted(place(Purpose.LOGIN, url, EMAIL, PASSWORD, button="Log in", action=action))
    loaded(made.text, home)
    pattern = login_url(made.text)
    assert pattern is not None
    assert not [path for path in refused if re.search(pattern, BASE + path)]
    assert not [path for path in passed if not re.search(pattern, BASE + path)]
    assert "Nobody has logged in while this was written" in made.text


def test_a_form_on_the_first_page_says_nothing_of_the_address(home: Path) -> None:
    made = drafted(place(Purpose.LOGIN, "/", EMAIL, PASSWORD, button="Log in"))
    file = loaded(made.text, home)
    assert (login_url(made.text), list(file.flows)) == (None, ["login"])
    assert "hidden: {label: Password}" in made.text


def test_a_form_that_asks_for_a_password_alone(home: Path) -> None:
    made = drafted(place(Purpose.LOGIN, "/login", PASSWORD, button="Log in"))
    assert "username" not in made.text
    loaded(made.text, home)


def test_what_appeared_is_expected_and_the_way_out_is_a_flow(home: Path) -> None:
    out = Exit(
        ({"button": "Kim"}, {"link": "Log out"}), View(f"{BASE}/", appeared=({"link": "Log in"},), navigated=True)
    )
    seen = View(f"{BASE}/home", navigated=True, appeared=({"link": "Log out"}, {"text": "Hello kim@shop.test"}))
    made = drafted(LOGIN, RESET, account=Account("SHOP_PASSWORD", "kim@shop.test"), login=Tried(seen, leaving=out))
    file = loaded(made.text, home)
    assert list(file.flows) == ["home", "login", "logout", "reset"]
    assert "url: /home" in made.text
    assert "visible: [{link: Log out}, {text: 'Hello ${username}'}]" in made.text
    assert [step.action for step in file.flows["logout"].steps] == ["use", "click", "click", "expect"]
    assert file.flows["logout"].needs == ("login",)


def test_a_name_that_is_no_address_stays_out_of_paths(home: Path) -> None:
    seen = View(f"{BASE}/admin/", navigated=True, appeared=({"heading": "Site admin"},))
    made = drafted(LOGIN, RESET, account=Account("SHOP_PASSWORD", "admin", "root@shop.test"), login=Tried(seen))
    assert "url: /admin/" in made.text
    assert "email: root@shop.test" in made.text
    assert "mail: {to: '${email}'}" in made.text
    loaded(made.text, home)


def test_what_was_refused_is_not_believed(home: Path) -> None:
    account = Account("SHOP_PASSWORD", "kim@shop.test")
    assert "Nobody has logged in" in drafted(LOGIN, account=account, login=Tried(says="No")).text
    second = drafted(LOGIN, account=account, login=Tried(says="A code", wants_code=True)).text
    assert "A second factor is asked for after this" in second
    loaded(second, home)


def test_a_new_account_is_fresh_every_time(home: Path) -> None:
    fields = (
        FieldSeen("text", "name", label="Full name", required=True, target={"label": "Full name"}),
        EMAIL,
        PASSWORD,
        FieldSeen("text", "company", label="Company", target={"label": "Company"}),
        FieldSeen("select", "country", required=True, options=("Sweden", "Chad"), target={"label": "Country"}),
        FieldSeen("radio", "kind", label="Home", required=True, target={"label": "Home"}),
        FieldSeen("radio", "kind", label="Work", required=True, target={"label": "Work"}),
        FieldSeen("checkbox", "tos", label="I accept the terms", target={"label": "I accept"}),
        FieldSeen("checkbox", "news", label="Send me news", target={"label": "news"}),
    )
    made = drafted(place(Purpose.REGISTER, "/register", *fields, button="Register"))
    file = loaded(made.text, home)
    assert [step.title for step in file.flows["register"].steps[1:-1]] == [
        'fill label "Full name"', 'fill label "Email"', 'fill label "Password"', 'select label "Country"',
        'check label "Home"', 'check label "I accept"', 'click button "Register"',
    ]  # fmt: skip
    assert file.flows["register"].variables == {"email": "smoke+${unique}@example.test"}
    assert file.secrets[0].name == "SHOP_PASSWORD"


def test_a_mailbox_is_asked_for_where_there_is_none(home: Path) -> None:
    without, having = drafted(RESET), drafted(RESET, has_mailbox=True)
    assert "name a `mailbox` in smokerunner.yaml" in without.text
    assert "--not-tag mail" in without.text
    assert "mailbox" not in having.text
    loaded(having.text, home)


def test_a_captcha_is_named_above_its_flow() -> None:
    text = drafted(place(Purpose.LOGIN, "/login", EMAIL, PASSWORD, captcha="Turnstile")).text
    assert "# A CAPTCHA (Turnstile) stands on this form." in text
    assert text.index("CAPTCHA") < text.index("login:\n")
