"""What real apps' mails taught: links of bare text, tokens in later addresses, and values that a mail only repeats."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from smokerunner.authoring.act import Act, Draft, Field, View
from smokerunner.authoring.tidy import Known, Tidied, tidy
from smokerunner.model.mail import Message

BASE = "http://127.0.0.1:8000"
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
LINK = f"{BASE}/password_reset/confirm/MTI/dih6af-a8ab0dc55ad8b6824a08a1485206aa10/"
LETTER = Message(
    id="1",
    sender="app@example.test",
    recipients=("qa@example.test",),
    subject="Password reset",
    text=f"Please follow the link below:\n{LINK}\nIt goes to 211 22 Malmö.",
    html="",
    received=NOON,
)


def tidied(*acts: Act) -> Tidied:
    return tidy(Draft("reset", acts, base_url=BASE, letters=(LETTER,)), Known("app"))


def test_a_link_of_bare_text_is_found_by_what_is_the_same_in_every_mail() -> None:
    seen = View(url=f"{BASE}/password_reset/confirm/MTI/set-password/", navigated=True)
    steps = tidied(Act("goto", value=LINK, view=seen)).flow["steps"]

    assert steps[0]["save"] == {"link": {"anchor": "/password_reset/confirm/"}}
    assert steps[1] == {"goto": "${link}"}
    assert steps[2] == {"expect": {"url": "/password_reset/confirm/*/set-password/"}}


def test_what_was_typed_before_a_mail_came_is_no_code_of_it() -> None:
    postcode = Act("fill", ({"textbox": "Postcode"},), beside={"with": "211 22"}, at=NOON - timedelta(seconds=9))

    assert tidied(postcode).flow["steps"][0]["with"] == "211 22"
    assert tidied(replace(postcode, at=NOON + timedelta(seconds=9))).flow["steps"][1]["with"] == "${code}"


def test_an_email_address_is_no_password_whatever_its_label_says() -> None:
    label = "Enter your email address to reset your password*"
    field = Field(type="email", name="email", label=label)
    found = tidied(Act("fill", ({"textbox": label},), beside={"with": "qa@example.test"}, written=field))

    assert found.secrets == ()
    assert found.flow["steps"][0]["with"] == "qa@example.test"


def test_an_address_that_changes_while_one_types_is_not_expected() -> None:
    search = Act("fill", ({"textbox": "Search"},), beside={"with": "ink"}, view=View(f"{BASE}/s?q=ink", navigated=True))
    steps = tidied(search, Act("click", ({"link": "Ink"},))).flow["steps"]

    assert [next(iter(step)) for step in steps] == ["fill", "click"]
