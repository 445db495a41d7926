"""How near two names are: what a person would call the same, and what only looks alike."""

from __future__ import annotations

import pytest

from smokerunner.browser.bodies import readable
from smokerunner.browser.candidates import likeness, wanted_text
from smokerunner.model.target import Target


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Log in", "Login"),
        ("E-mail", "Email"),
        ("Place order", "Place your order"),
        ("Ausleihe bestätigen", "Ausleihe abschließen"),
        ("Save", "Save changes"),
        ("Create account", "Create an account"),
    ],
)
def test_names_that_mean_the_same_are_near(one: str, other: str) -> None:
    assert likeness(one, other) >= 0.55
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Log in", "Log out"), ("Add to basket", "Remove from basket"), ("Show more", "Hide more"), ("Save", "Search"),
     ("Place order", "Buy now"), ("Next", "Previous"), ("Save", "")],
)  # fmt: skip
def test_opposites_and_strangers_are_not(one: str, other: str) -> None:
    assert likeness(one, other) < 0.55


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ({"button": "Save"}, "Save"),
        ({"button": {"is": "Save"}}, "Save"),
        ({"heading": {"matches": r"^Order \d+$"}}, "Order"),
        ({"role": "tree", "name": "Files"}, "Files"),
        ({"role": "tree"}, ""),
        ({"test_id": "save-all"}, "save-all"),
    ],
)
def test_what_is_looked_for_is_read_from_any_target(target: dict[str, object], words: str) -> None:
    assert wanted_text(Target.model_validate(target)) == words


def test_an_answer_is_read_as_a_person_would() -> None:
    page = b"<title>Oh  no</title><style>b { color: red }</style><script>x</script><h1>500</h1><pre>at a\nat b</pre>"
    assert readable(page, "text/html; charset=utf-8") == "Oh no\n500\nat a\nat b"
    assert readable(b'{"error": 1}', "application/json") == '{"error": 1}'
    assert readable(b"\x89PNG\0\0", "image/png") == ""
