"""The clean-up that recording and importing share: acts become what people meant, and no secret stands in them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from smokerunner.authoring.act import KEY_DOWN, KEY_UP, TODO, Act, Draft, Field, View
from smokerunner.authoring.sheet import Sheet
from smokerunner.authoring.tidy import Known, Tidied, app_name, flow_name, tidy
from smokerunner.model.mail import Message

APP = "http://shop.example:8000"
NAME, MAIL, BOX = {"label": "Name"}, {"label": "Email"}, {"label": "Terms"}
SAVE, OTHER = {"button": "Save"}, {"button": "Other"}
WORD = {"label": "Password"}
SECRET = "correct-Horse-7"
SHOWN = View(url=f"{APP}/done", appeared=({"heading": "Done"},))


def fill(target: Mapping[str, Any], text: str, written: Field | None = None, **more: Any) -> Act:
    return Act("fill", (target,), beside={"with": text}, written=written, **more)


def click(target: Mapping[str, Any] = SAVE, view: View | None = None, **beside: Any) -> Act:
    return Act("click", (target,), beside=beside, view=view)


def press(key: str, target: Mapping[str, Any] = NAME, **more: Any) -> Act:
    return Act("press", (target,), value=key, **more)


def goto(url: str, view: View | None = None) -> Act:
    return Act("goto", value=url, view=view)


def tidied(
    *acts: Act,
    letters: tuple[Message, ...] = (),
    variables: Mapping[str, str] | None = None,
    secrets: Mapping[str, str | None] | None = None,
    base_url: str = APP,
    title: str = "",
) -> Tidied:
    draft = Draft("Some flow", acts, base_url=base_url, letters=letters, title=title)
    return tidy(draft, Known("acorn", variables or {}, secrets or {}))


def steps(*acts: Act, **known: Any) -> list[dict[str, Any]]:
    """The steps, but for what is expected at the end, which is told by tests of its own."""
    found: list[dict[str, Any]] = tidied(*acts, **known).flow["steps"]
    return found


def done(*acts: Act, **known: Any) -> list[dict[str, Any]]:
    return [step for step in steps(*acts, **known) if "expect" not in step]


# What a person did, and the steps that tell it.
JOINED: dict[str, tuple[list[Act], list[dict[str, Any]]]] = {
    "letter by letter": (
        [fill(NAME, "R"), fill(NAME, "Ro"), fill(NAME, "Rob")],
        [{"fill": NAME, "with": "Rob"}],
    ),
    "letters and the keys that made them": (
        [press("R"), fill(NAME, "R"), press("o"), fill(NAME, "Ro")],
        [{"fill": NAME, "with": "Ro"}],
    ),
    "a click into the field": ([click(NAME), fill(NAME, "Rob")], [{"fill": NAME, "with": "Rob"}]),
    "a double click into the field": (
        [click(NAME), click(NAME, count=2), fill(NAME, "Rob")],
        [{"fill": NAME, "with": "Rob"}],
    ),
    "a click elsewhere stays": (
        [click(OTHER), fill(NAME, "Rob")],
        [{"click": OTHER}, {"fill": NAME, "with": "Rob"}],
    ),
    "a click with a modifier stays": (
        [click(NAME, modifiers="Shift"), fill(NAME, "Rob")],
        [{"click": NAME, "modifiers": "Shift"}, {"fill": NAME, "with": "Rob"}],
    ),
    "a right click stays": (
        [click(NAME, mouse="right"), fill(NAME, "Rob")],
        [{"click": NAME, "mouse": "right"}, {"fill": NAME, "with": "Rob"}],
    ),
    "marked and written over": (
        [click(NAME), press("Control+a"), fill(NAME, "Rob")],
        [{"fill": NAME, "with": "Rob"}],
    ),
    "emptied by a key": ([press("Backspace"), fill(NAME, "")], [{"fill": NAME, "with": ""}]),
    "from field to field by Tab": (
        [fill(NAME, "Rob"), press("Tab"), press("Tab", MAIL), press("Shift+Tab", BOX), fill(MAIL, "x")],
        [{"fill": NAME, "with": "Rob"}, {"fill": MAIL, "with": "x"}],
    ),
    "Tab comes first": ([press("Tab"), click()], [{"click": SAVE}]),
    "Enter in a field": (
        [fill(NAME, "Rob"), press("Enter"), click(SAVE, count="0")],
        [{"fill": NAME, "with": "Rob"}, {"press": "Enter", "in": NAME}],
    ),
    "Space on a button": (
        [press("Space", SAVE), click(SAVE, count="0")],
        [{"press": "Space", "in": SAVE}],
    ),
    "Enter before more text stays": (
        [press("Enter"), fill(NAME, "Rob")],
        [{"press": "Enter", "in": NAME}, {"fill": NAME, "with": "Rob"}],
    ),
    "the same field twice, something between": (
        [fill(NAME, "Rob"), click(), fill(NAME, "Robin")],
        [{"fill": NAME, "with": "Rob"}, {"click": SAVE}, {"fill": NAME, "with": "Robin"}],
    ),
    "another field": (
        [fill(NAME, "Rob"), fill(MAIL, "Rob")],
        [{"fill": NAME, "with": "Rob"}, {"fill": MAIL, "with": "Rob"}],
    ),
    "a key down and up": (
        [Act(KEY_DOWN, value="Escape"), Act(KEY_UP, value="Escape")],
        [{"press": "Escape"}],
    ),
    "a chord": (
        [
            Act(KEY_DOWN, value="Control"),
            Act(KEY_DOWN, value="Shift"),
            Act(KEY_DOWN, value="k"),
            Act(KEY_UP, value="k"),
            Act(KEY_UP, value="Shift"),
            Act(KEY_UP, value="Control"),
            Act(KEY_DOWN, value="j"),
            Act(KEY_UP, value="j"),
        ],
        [{"press": "Control+Shift+k"}, {"press": "j"}],
    ),
    "a modifier alone": ([Act(KEY_DOWN, value="Shift"), Act(KEY_UP, value="Shift"), click()], [{"click": SAVE}]),
    "a modifier held so long that it repeats": (
        [
            Act(KEY_DOWN, value="Control"),
            Act(KEY_DOWN, value="Control"),
            Act(KEY_DOWN, value="k"),
            Act(KEY_UP, value="Control"),
            Act(KEY_DOWN, value="j"),
        ],
        [{"press": "Control+k"}, {"press": "j"}],
    ),
    "a double click": ([click(), click(count=2)], [{"click": SAVE, "count": 2}]),
    "a triple click": ([click(), click(count=2), click(count=3)], [{"click": SAVE, "count": 3}]),
    "several options by keys": (
        [
            press("Home"),
            Act("select", (NAME,), beside={"with": "Red"}),
            press("Shift+ArrowDown"),
            Act("select", (NAME,), beside={"with": ["Red", "Rose"]}),
        ],
        [{"select": NAME, "with": ["Red", "Rose"]}],
    ),
    "Space where no key is told": ([click(count="0")], [{"click": SAVE}]),
    "the words beside a box": (
        [click({"text": "Terms"}), Act("check", ({"checkbox": "Terms"},))],
        [{"check": {"checkbox": "Terms"}}],
    ),
    "words that only resemble a box's": (
        [click({"button": "Terms"}), Act("check", ({"checkbox": "Terms"},))],
        [{"click": {"button": "Terms"}}, {"check": {"checkbox": "Terms"}}],
    ),
    "two clicks": ([click(), click()], [{"click": SAVE}, {"click": SAVE}]),
    "an option": (
        [click(NAME), Act("select", (NAME,), beside={"with": "Red"})],
        [{"select": NAME, "with": "Red"}],
    ),
    "an option by letters": (
        [
            Act("select", (NAME,), beside={"with": "Rose"}),
            press("r"),
            Act("select", (NAME,), beside={"with": "Red"}),
            press("ArrowDown"),
        ],
        [{"select": NAME, "with": "Red"}],
    ),
    "a box": ([click(BOX), Act("check", (BOX,))], [{"check": BOX}]),
    "a box on and off": ([Act("check", (BOX,)), Act("uncheck", (BOX,))], [{"check": BOX}, {"uncheck": BOX}]),
    "a file": (
        [click(NAME), Act("upload", (NAME,), beside={"with": "a.png"})],
        [{"upload": NAME, "with": "a.png"}],
    ),
    "another file instead": (
        [Act("upload", (NAME,), beside={"with": "a.png"}), Act("upload", (NAME,), beside={"with": ["b.png", "c.png"]})],
        [{"upload": NAME, "with": ["b.png", "c.png"]}],
    ),
    "a dialog": ([click(dialog="dismiss")], [{"click": SAVE, "dialog": "dismiss"}]),
    "a download": ([click(download={"name": ".pdf"})], [{"click": SAVE, "download": {"name": ".pdf"}}]),
    "an empty page first": ([goto("about:blank"), goto(f"{APP}/a")], [{"goto": "/a"}]),
    "the same address twice": ([goto(f"{APP}/a"), goto(f"{APP}/a")], [{"goto": "/a"}]),
}


@pytest.mark.parametrize("name", JOINED)
def test_noise_goes_and_meaning_stays(name: str) -> None:
    acts, wanted = JOINED[name]
    assert done(*acts) == wanted


def test_what_noise_brought_about_is_told_of_the_act_before_it() -> None:
    found = steps(fill(NAME, "Rob"), press("Tab", view=View(appeared=({"text": "Name is free"},))), click(view=SHOWN))
    assert found[1] == {"expect": {"visible": {"text": "Name is free"}}}


def test_acts_of_two_pages_are_never_joined() -> None:
    acts = [
        Act("click", (SAVE,), opens="page1"),
        fill(NAME, "R", page="page1"),
        fill(NAME, "Ro", page="page1"),
        fill(NAME, "Rob"),
    ]
    assert done(*acts) == [{"click": SAVE, "popup": [{"fill": NAME, "with": "Ro"}]}, {"fill": NAME, "with": "Rob"}]


class TestPopups:
    def test_they_nest(self) -> None:
        acts = [
            Act("click", (SAVE,), opens="page1"),
            Act("expect", page="page1", view=View(appeared=({"heading": "Invoice"},))),
            Act("click", (OTHER,), page="page1", opens="page2"),
            Act("expect", page="page2", view=View(appeared=({"heading": "Terms"},))),
            Act("click", (SAVE,), page="page1"),
            Act("click", (OTHER,), view=SHOWN),
        ]
        assert steps(*acts) == [
            {
                "click": SAVE,
                "popup": [
                    {"expect": {"visible": {"heading": "Invoice"}}},
                    {"click": OTHER, "popup": [{"expect": {"visible": {"heading": "Terms"}}}]},
                    {"click": SAVE},
                ],
            },
            {"click": OTHER},
            {"expect": {"visible": {"heading": "Done"}}},
        ]

    def test_one_in_which_nothing_was_seen_must_at_least_open(self) -> None:
        assert steps(Act("click", (SAVE,), opens="page1")) == [{"click": SAVE, "popup": [{"expect": {"url": "**"}}]}]

    def test_what_is_done_after_it_was_left_is_still_to_do(self) -> None:
        acts = [
            Act("click", (SAVE,), opens="page1"),
            Act("click", (OTHER,), page="page1"),
            Act("click", (OTHER,)),
            Act("click", (SAVE,), page="page1"),
        ]
        (late,) = [step for step in steps(*acts) if TODO in step]
        assert "another page" in late[TODO]
        assert "Save" in late[TODO]

    def test_a_todo_holds_no_secret(self) -> None:
        acts = [
            Act("click", (SAVE,), opens="page1"),
            fill(WORD, SECRET),
            Act("goto", value=f"{APP}/x?p={SECRET}", page="page1"),
        ]
        assert SECRET not in json.dumps(steps(*acts))


PASSWORD_LIKE = {
    "type": (Field(type="password"), {"css": "#a"}),
    "name": (Field(name="user_password"), {"css": "#a"}),
    "name pwd": (Field(name="pwd"), {"css": "#a"}),
    "name passwd": (Field(name="passwd"), {"css": "#a"}),
    "camel case name": (Field(name="newPassword"), {"css": "#a"}),
    "current": (Field(autocomplete="current-password"), {"css": "#a"}),
    "new": (Field(autocomplete="new-password"), {"css": "#a"}),
    "several tokens": (Field(autocomplete="section-a new-password"), {"css": "#a"}),
    "label": (Field(label="Your password"), {"css": "#a"}),
    "label German": (Field(label="Passwort"), {"css": "#a"}),
    "label German too": (Field(label="Kennwort wiederholen"), {"css": "#a"}),
    "label French": (Field(label="Mot de passe"), {"css": "#a"}),
    "label Spanish": (Field(label="Contraseña"), {"css": "#a"}),
    "label Swedish": (Field(label="Lösenord"), {"css": "#a"}),
    "an API key": (Field(label="API key"), {"css": "#a"}),
    "the target's words": (None, WORD),
    "the target's exact words": (None, {"label": {"is": "Password"}}),
    "the target's role": (None, {"textbox": "Passphrase"}),
}


class TestSecrets:
    @pytest.mark.parametrize("name", PASSWORD_LIKE)
    def test_what_was_typed_into_such_a_field_never_stands_in_the_flow(self, name: str) -> None:
        field, target = PASSWORD_LIKE[name]
        found = tidied(fill(target, SECRET, field))
        assert found.flow["steps"][0]["with"] == "${secrets.ACORN_PASSWORD}"
        assert found.secrets == ("ACORN_PASSWORD",)
        assert SECRET not in repr(found)
        assert "ACORN_PASSWORD" in found.notes[0]

    @pytest.mark.parametrize("label", ["Name", "Passenger", "Passport country", "Compass", "Secretary"])
    def test_other_fields_are_none(self, label: str) -> None:
        assert done(fill({"label": label}, "Anna"))[0]["with"] == "Anna"

    def test_each_letter_counts_as_secret_before_the_last_is_typed(self) -> None:
        for end in range(1, len(SECRET) + 1):
            acts = [fill(WORD, SECRET[:n], Field(type="password")) for n in range(1, end + 1)]
            assert done(*acts) == [{"fill": WORD, "with": "${secrets.ACORN_PASSWORD}"}]

    def test_the_same_twice_is_one(self) -> None:
        found = tidied(fill(WORD, SECRET), fill({"label": "Repeat password"}, SECRET))
        assert [step["with"] for step in found.flow["steps"] if "fill" in step] == ["${secrets.ACORN_PASSWORD}"] * 2
        assert found.secrets == ("ACORN_PASSWORD",)

    def test_another_gets_a_name_of_its_own(self) -> None:
        found = tidied(fill(WORD, SECRET), click(), fill({"label": "New password"}, "quite-Other-9"), click(OTHER))
        assert found.secrets == ("ACORN_PASSWORD", "ACORN_NEW_PASSWORD")
        assert found.values == {"ACORN_PASSWORD": SECRET, "ACORN_NEW_PASSWORD": "quite-Other-9"}

    def test_a_third_is_counted(self) -> None:
        found = tidied(fill(WORD, SECRET), click(), fill(WORD, "wrong-One-9"), click(), fill(WORD, "wrong-Two-9"))
        assert found.secrets == ("ACORN_PASSWORD", "ACORN_PASSWORD_2", "ACORN_PASSWORD_3")

    def test_the_old_one_with_something_behind_it(self) -> None:
        found = tidied(fill(WORD, SECRET), click(), fill({"label": "New password"}, SECRET + "-new"))
        assert found.flow["steps"][2]["with"] == "${secrets.ACORN_PASSWORD}-new"
        assert found.secrets == ("ACORN_PASSWORD",)

    def test_a_declared_one_is_known_by_its_value(self) -> None:
        found = tidied(fill(WORD, SECRET), secrets={"OTHER": "else-Where-1", "SMOKE_PASSWORD": SECRET})
        assert found.flow["steps"][0]["with"] == "${secrets.SMOKE_PASSWORD}"
        assert found.secrets == ()
        assert not [note for note in found.notes if "set $" in note]

    def test_the_only_declared_one_without_a_value_is_meant(self) -> None:
        found = tidied(fill(WORD, SECRET), secrets={"SMOKE_PASSWORD": None})
        assert found.flow["steps"][0]["with"] == "${secrets.SMOKE_PASSWORD}"
        assert found.secrets == ()

    def test_two_declared_ones_without_values_cannot_be_told_apart(self) -> None:
        found = tidied(fill(WORD, SECRET), secrets={"A": None, "ACORN_PASSWORD": None})
        assert found.secrets == ("ACORN_PASSWORD_2",)

    def test_a_known_value_is_a_secret_wherever_it_is_typed(self) -> None:
        assert done(fill(NAME, SECRET), secrets={"KEY": SECRET})[0]["with"] == "${secrets.KEY}"

    def test_what_stood_elsewhere_before_it_was_typed_is_found_as_well(self) -> None:
        found = tidied(
            fill(NAME, f"my {SECRET}!"),
            fill(WORD, SECRET),
            click(view=View(url=f"{APP}/hello", navigated=True, appeared=({"text": f"Hello {SECRET}"},))),
            title=f"Log in with {SECRET}",
        )
        assert SECRET not in repr(found)
        assert found.flow["steps"][0]["with"] == "my ${secrets.ACORN_PASSWORD}!"

    @pytest.mark.parametrize("value", [SECRET, "horse battery", "p@ss wörd/&=7", "a+b c+d 99", "50%-off-Today"])
    @pytest.mark.parametrize("encoded", [quote, quote_plus, lambda value: quote(value, safe=""), str])
    def test_an_address_that_carries_it_shows_none_of_its_forms(self, value: str, encoded: Any) -> None:
        url = f"{APP}/login?user=rob&word={encoded(value)}"
        text = json.dumps(
            steps(fill(WORD, value), click(view=View(url=url, navigated=True)), goto(url), click(view=SHOWN)),
            ensure_ascii=False,
        )
        for form in (value, quote(value), quote_plus(value), quote(value, safe="")):
            assert form not in text

    @pytest.mark.parametrize("value", ["cash-$${money}-7", "$${secrets.OTHER}-7", "a$${b"])
    def test_one_that_looks_like_a_reference_is_a_secret_all_the_same(self, value: str) -> None:
        """Recorded text comes with its `${` written `$${`."""
        found = tidied(fill(WORD, value, Field(type="password")))
        assert found.flow["steps"][0]["with"] == "${secrets.ACORN_PASSWORD}"
        assert found.values == {"ACORN_PASSWORD": value.replace("$${", "${")}

    def test_a_reference_of_an_imported_flow_stays(self) -> None:
        assert done(fill(WORD, "${secrets.MINE}"))[0]["with"] == "${secrets.MINE}"

    def test_the_app_s_name_makes_a_lawful_one(self) -> None:
        draft = Draft("x", (fill(WORD, SECRET),), base_url=APP)
        assert tidy(draft, Known("3d-shop")).secrets == ("APP_3D_SHOP_PASSWORD",)
        assert tidy(draft, Known("")).secrets == ("APP_PASSWORD",)

    def test_a_short_one_is_no_reason_to_write_over_other_texts(self) -> None:
        found = done(fill(NAME, "a bee"), fill(WORD, "bee"))
        assert [step["with"] for step in found] == ["a bee", "${secrets.ACORN_PASSWORD}"]


NEW = Field(type="email", opens_account=True)


class TestAccounts:
    def test_the_address_of_a_new_account_is_fresh_every_time(self) -> None:
        found = tidied(
            fill(MAIL, "qa@example.test", NEW),
            fill(WORD, SECRET, Field(type="password", opens_account=True)),
            click(view=View(f"{APP}/home", navigated=True, appeared=({"text": "Mail went to qa@example.test"},))),
            fill(NAME, "qa@example.test"),
            click(OTHER),
        )
        assert found.flow["variables"] == {"email": "qa+${unique}@example.test"}
        text = json.dumps(found.flow["steps"])
        assert "qa@example.test" not in text
        assert found.flow["steps"][4]["with"] == "${email}"

    def test_a_plus_that_is_there_already_does_not_pile_up(self) -> None:
        found = tidied(fill(MAIL, "qa+7@example.test", NEW), click(view=SHOWN))
        assert found.flow["variables"] == {"email": "qa+${unique}@example.test"}

    @pytest.mark.parametrize(
        "field",
        [
            Field(name="username", opens_account=True),
            Field(label="User name", opens_account=True),
            Field(autocomplete="username", opens_account=True),
        ],
    )
    def test_a_user_name_as_well(self, field: Field) -> None:
        found = tidied(fill({"css": "#u"}, "robin", field), click(view=SHOWN))
        assert found.flow["variables"] == {"username": "robin${unique}"}
        assert found.flow["steps"][0]["with"] == "${username}"

    def test_other_fields_of_the_form_stay(self) -> None:
        found = tidied(fill(NAME, "Robin Ek", Field(label="Name", opens_account=True)), click(view=SHOWN))
        assert "variables" not in found.flow

    def test_an_address_that_nobody_registered_stays(self) -> None:
        found = tidied(fill(MAIL, "qa@example.test", Field(type="email")), fill(WORD, SECRET), click(view=SHOWN))
        assert "variables" not in found.flow
        assert found.flow["steps"][0]["with"] == "qa@example.test"

    def test_one_that_an_earlier_flow_opened_is_its_variable(self) -> None:
        found = tidied(fill(MAIL, "qa+x1@example.test"), click(), variables={"email": "qa+x1@example.test"})
        assert found.flow["steps"][0]["with"] == "${email}"
        assert "variables" not in found.flow

    def test_an_address_that_carries_it_is_the_variable(self) -> None:
        found = tidied(fill(MAIL, "qa@example.test", NEW), goto(f"{APP}/x?email=qa%40example.test&new=yes"))
        assert found.flow["steps"][1] == {"goto": "/x?email=${email}&new=yes"}

    def test_without_a_recorder_a_form_with_the_password_twice_opens_one(self) -> None:
        found = tidied(fill(MAIL, "qa@example.test"), fill(WORD, SECRET), fill({"label": "Once more"}, SECRET), click())
        assert "variables" not in found.flow, "the second field is not known as one"
        found = tidied(fill(MAIL, "qa@example.test"), fill(WORD, SECRET), fill({"label": "Repeat password"}, SECRET))
        assert found.flow["variables"] == {"email": "qa+${unique}@example.test"}

    def test_without_a_recorder_a_login_opens_none(self) -> None:
        found = tidied(fill(MAIL, "qa@example.test"), fill(WORD, SECRET), click())
        assert "variables" not in found.flow


ADDRESSES = [
    ("http://h:1", "http://h:1/a?x=1#top", "/a?x=1#top"),
    ("http://h:1", "http://h:1", "/"),
    ("http://h:1/", "http://h:1/a", "/a"),
    ("http://h:1/shop", "http://h:1/shop/a", "/a"),
    ("http://h:1/shop/", "http://h:1/shop", "/"),
    ("http://h:1/shop", "http://h:1/shopping", "//shopping"),
    ("http://h:1/shop", "http://h:1/", "//"),
    ("http://h:1", "http://h:2/a", "http://h:2/a"),
    ("http://h:1", "https://h:1/a", "https://h:1/a"),
    ("http://h", "http://other.example/a?b=c#d", "http://other.example/a?b=c#d"),
]


@pytest.mark.parametrize(("base", "url", "path"), ADDRESSES)
def test_addresses_of_the_app_become_paths(base: str, url: str, path: str) -> None:
    assert steps(goto(url), base_url=base)[0] == {"goto": path}


def test_without_a_base_url_the_first_page_says_where_the_app_is() -> None:
    found = tidied(goto("about:blank"), goto("https://shop.example/a"), goto("https://other.example/b"), base_url="")
    assert found.base_url == "https://shop.example"
    assert [step["goto"] for step in found.flow["steps"] if "goto" in step] == ["/a", "https://other.example/b"]


PATTERNS = [
    ("/orders/4711", "/orders/*"),
    ("/orders/A-17/edit", "/orders/*/edit"),
    ("/o/3f2b8c1e-aaaa-4bbb-8ccc-123456789abc", "/o/*"),
    ("/reset/abcdefghijklmnopqrstuvwxyzabcdef", "/reset/*"),
    ("/search?q=brass", "/search?q=brass"),
    ("/search?q=brass+lamp", "/search?q=brass+lamp"),
    ("/a?tab=open&token=0a1b2c", "/a?tab=open"),
    ("/a?state=abcdefghijklmnopqrstuvwxyzabcdef", "/a"),
    ("/login?next=/orders/new", "/login?next=/orders/new"),
    ("/a#part", "/a"),
    ("/", "/"),
]


@pytest.mark.parametrize(("url", "pattern"), PATTERNS)
def test_an_expected_address_has_no_part_that_differs_every_time(url: str, pattern: str) -> None:
    assert steps(click(view=View(url=APP + url, navigated=True)))[1] == {"expect": {"url": pattern}}


class TestExpectations:
    def test_what_appeared_is_expected_two_things_at_most(self) -> None:
        seen = ({"heading": "A"}, {"text": "B"}, {"text": "C"})
        assert steps(click(view=View(appeared=seen)))[1] == {"expect": {"visible": [{"heading": "A"}, {"text": "B"}]}}

    def test_after_writing_one_thing_at_most(self) -> None:
        seen = ({"status": "A"}, {"text": "B"})
        assert steps(fill(NAME, "x", view=View(appeared=seen)))[1] == {"expect": {"visible": {"status": "A"}}}

    def test_a_page_gone_to_needs_no_address_unless_it_led_elsewhere(self) -> None:
        view = View(url=f"{APP}/a", navigated=True, appeared=({"heading": "A"},))
        assert steps(goto(f"{APP}/a?x=1", view))[1] == {"expect": {"visible": {"heading": "A"}}}
        view = replace(view, url=f"{APP}/login")
        assert steps(goto(f"{APP}/a", view))[1] == {"expect": {"url": "/login", "visible": {"heading": "A"}}}

    def test_another_host_s_address_is_not_expected(self) -> None:
        found = steps(click(view=View(url="https://pay.example/x", navigated=True)), click(OTHER, SHOWN))
        assert found[1] == {"click": OTHER}

    def test_what_a_person_pointed_at_is_not_said_twice(self) -> None:
        pointed = Act("expect", value={"visible": {"heading": "Done"}})
        view = View(url=f"{APP}/done", navigated=True, appeared=({"heading": "Done"},))
        assert steps(click(view=view), pointed) == [
            {"click": SAVE},
            {"expect": {"url": "/done"}},
            {"expect": {"visible": {"heading": "Done"}}},
        ]

    @pytest.mark.parametrize(
        ("act", "wanted"),
        [
            (fill(NAME, "Rob"), {"value": {"of": NAME, "reads": {"is": "Rob"}}}),
            (Act("check", (BOX,)), {"checked": BOX}),
            (Act("uncheck", (BOX,)), {"checked": {"of": BOX, "is": False}}),
            (click(view=View(url=f"{APP}/here")), {"url": "/here"}),
        ],
    )
    def test_the_last_step_is_one_even_when_nothing_changed(self, act: Act, wanted: dict[str, Any]) -> None:
        assert steps(act)[-1] == {"expect": wanted}

    def test_a_field_s_value_is_never_expected_when_it_is_secret(self) -> None:
        found = tidied(fill(WORD, SECRET, view=View(url=f"{APP}/here")))
        assert found.flow["steps"][-1] == {"expect": {"url": "/here"}}

    def test_when_nothing_can_be_expected_a_note_says_so(self) -> None:
        assert any("nothing is expected" in note for note in tidied(click()).notes)
        assert not any("nothing is expected" in note for note in tidied(click(view=SHOWN)).notes)
        assert not any("nothing is expected" in note for note in tidied(click(download=True)).notes)

    def test_reloads_become_a_wait(self) -> None:
        ready = View(url=f"{APP}/o", navigated=True, appeared=({"text": "ready"},))
        assert steps(click(), Act("reload"), Act("reload"), Act("reload", view=ready))[1:] == [
            {"repeat": {"reload": True}, "until": {"visible": {"text": "ready"}}, "every": "1s"}
        ]

    def test_reloads_before_what_a_person_pointed_at_as_well(self) -> None:
        pointed = Act("expect", value={"text_of": {"of": {"test_id": "state"}, "reads": "ready"}})
        assert steps(Act("reload"), Act("reload"), pointed) == [
            {
                "repeat": {"reload": True},
                "until": {"text_of": {"of": {"test_id": "state"}, "reads": "ready"}},
                "every": "1s",
            }
        ]

    def test_a_reload_that_showed_nothing_new_stays_one(self) -> None:
        assert steps(Act("reload"), click(view=SHOWN))[0] == {"reload": True}


def letter(
    to: str = "qa@example.test", subject: str = "Reset your password", text: str = "", html: str = "", number: int = 1
) -> Message:
    return Message(
        id=f"m{number}",
        sender="shop@example.test",
        recipients=(to,),
        subject=subject,
        text=text,
        html=html,
        received=datetime(2026, 1, 1, 12, number, tzinfo=UTC),
    )


RESET = letter(html=f'<a href="{APP}/help">Help</a> <a href="{APP}/reset?token=abc123">Choose a new password</a>')


class TestLetters:
    def test_a_link_that_came_by_mail_is_read_from_it(self) -> None:
        assert done(goto(f"{APP}/reset?token=abc123"), letters=(RESET,)) == [
            {
                "mail": {"to": "qa@example.test", "subject": "Reset your password"},
                "save": {"link": {"anchor": "Choose a new password"}},
            },
            {"goto": "${link}"},
        ]

    def test_the_app_may_not_know_its_own_host(self) -> None:
        found = done(goto(f"{APP}/reset?token=abc123"), letters=(letter(text="http://web/reset?token=abc123"),))
        assert found[0]["save"] == {"link": {"anchor": "/reset"}}
        assert found[1] == {"goto": "${link}"}

    @pytest.mark.parametrize("url", [f"{APP}/reset?token=other", f"{APP}/", f"{APP}/resets?token=abc123"])
    def test_other_addresses_have_nothing_to_do_with_it(self, url: str) -> None:
        letters = (RESET, letter(html=f'<a href="{APP}/">Shop</a>', number=2))
        assert not any("mail" in step for step in done(goto(url), letters=letters))

    def test_of_several_the_newest_that_has_it(self) -> None:
        letters = (RESET, letter(subject="Newer", html=RESET.html, number=2), letter(subject="Newest", number=3))
        assert done(goto(f"{APP}/reset?token=abc123"), letters=letters)[0]["mail"]["subject"] == "Newer"

    def test_two_links_get_two_names(self) -> None:
        confirm = letter(subject="Confirm", html=f'<a href="{APP}/confirm?t=x9">Confirm</a>', number=2)
        found = done(goto(f"{APP}/confirm?t=x9"), goto(f"{APP}/reset?token=abc123"), letters=(RESET, confirm))
        assert [step["goto"] for step in found if "goto" in step] == ["${link}", "${link2}"]

    def test_the_address_is_the_variable_it_was_registered_with(self) -> None:
        found = done(fill(MAIL, "qa@example.test", NEW), goto(f"{APP}/reset?token=abc123"), letters=(RESET,))
        assert found[1]["mail"]["to"] == "${email}"

    def test_numbers_of_a_subject_are_left_out(self) -> None:
        mail = letter(subject="Order A-1017 is ready to fetch", html=RESET.html)
        assert done(goto(f"{APP}/reset?token=abc123"), letters=(mail,))[0]["mail"]["subject"] == "is ready to fetch"

    @pytest.mark.parametrize(
        ("text", "typed", "expression"),
        [
            ("Your code is 93817264. Do not share it.", "93817264", r"Your\W+code\W+is\W*(\d{8})"),
            ("Hello,\n\n  **481516**\n", "481516", r"\b(\d{6})\b"),
            ("Enter AB12-CD34 now", "AB12-CD34", r"Enter\W*([A-Z0-9-]{9})"),
        ],
    )
    def test_a_code_that_came_by_mail_is_read_from_it(self, text: str, typed: str, expression: str) -> None:
        code = {"label": "Code"}
        found = re.search(expression, text)
        assert found is not None
        assert found[1] == typed
        assert done(fill(code, typed), letters=(letter(subject="Code", text=text),)) == [
            {
                "mail": {"to": "qa@example.test", "subject": "Code"},
                "save": {"code": {"text": {"matches": expression}}},
            },
            {"fill": code, "with": "${code}"},
        ]

    def test_a_code_in_no_mail_stays(self) -> None:
        assert done(fill(NAME, "11122"), letters=(letter(text="Code 99911122"),)) == [{"fill": NAME, "with": "11122"}]

    def test_a_one_time_link_does_not_stand_in_what_was_seen_after_it(self) -> None:
        url = f"{APP}/reset?token=abc123"
        view = View(url=url, navigated=True, appeared=({"heading": "New password"},))
        assert "abc123" not in json.dumps(steps(goto(url, view), letters=(RESET,)))


def test_at_most_two_other_ways_in_their_order() -> None:
    act = Act("click", (SAVE, {"test_id": "save"}, SAVE, {"title": "Save"}, {"css": "#save"}))
    assert done(act) == [{"click": {"button": "Save", "fallbacks": [{"test_id": "save"}, {"title": "Save"}]}}]


@pytest.mark.parametrize(
    ("words", "name"),
    [("Log in", "log-in"), ("Über uns!", "ber-uns"), ("a_b-c", "a_b-c"), ("…", ""), ("x" * 80, "x" * 60)],
)
def test_names_of_flows(words: str, name: str) -> None:
    assert flow_name(words) == name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.acorn.example/a", "acorn"),
        ("https://staging.shop.example", "shop"),
        ("http://127.0.0.1:80", "app"),
        ("http://localhost", "app"),
        ("http://[::1]:8000/", "app"),
        ("", "app"),
    ],
)
def test_names_of_apps(url: str, name: str) -> None:
    assert app_name(url) == name


@pytest.mark.parametrize("name", JOINED)
def test_every_clean_flow_can_be_written(name: str, tmp_path: Path) -> None:
    acts, _ = JOINED[name]
    found = tidied(goto(f"{APP}/"), *acts, click(view=SHOWN))
    sheet = Sheet.new("acorn", APP)
    sheet.add_flow(found.name, found.flow)
    for file in ("a.png", "b.png", "c.png"):
        (tmp_path / file).touch()
    sheet.save(tmp_path / "acorn.yaml")


def test_what_only_echoes_another_field_is_not_expected_while_one_writes() -> None:
    echo = View(url=f"{APP}/new", appeared=({"link": "Quiet news"}, {"text": "7 words"}))
    found = steps(fill(NAME, "Quiet news"), fill(MAIL, "All is well", view=echo), click(view=SHOWN))
    assert found[2] == {"expect": {"visible": {"text": "7 words"}}}
    # After a click it is what the click brought about, and its own text is what a search shows.
    saved = steps(fill(NAME, "Quiet news"), click(view=echo))
    assert saved[2] == {"expect": {"visible": [{"link": "Quiet news"}, {"text": "7 words"}]}}
    searched = steps(fill(NAME, "Quiet", view=View(appeared=({"text": "Quiet news"},))), click(view=SHOWN))
    assert searched[1] == {"expect": {"visible": {"text": "Quiet news"}}}
    # Controls that come while one writes come at a moment of their own.
    steady = steps(fill(NAME, "Quiet", view=View(appeared=({"link": "History"},))), click(view=SHOWN))
    assert "expect" not in steady[1]
