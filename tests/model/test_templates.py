from __future__ import annotations

import re

import pytest

from smokerunner.model.matcher import Matcher, UrlPattern, join
from smokerunner.model.target import Target
from smokerunner.model.template import Pattern, Reference, Template, references, render

VALUES = {"email": "a+b@x.test", "unique": "u1", "id": "r1", "PASSWORD": "pa$${ss"}


def resolve(reference: Reference) -> str:
    return VALUES[reference.name]


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("plain", "plain"),
        ("to ${email}!", "to a+b@x.test!"),
        ("${unique}-${run.id}", "u1-r1"),
        ("${ email }", "a+b@x.test"),
        ("$${email} costs $5", "${email} costs $5"),
        ("${secrets.PASSWORD}", "pa$${ss"),
    ],
)
def test_rendering(text: str, rendered: str) -> None:
    assert Template(text).render(resolve) == rendered


def test_what_is_rendered_is_not_rendered_again() -> None:
    once = Template("${secrets.PASSWORD}").render(resolve)
    assert once.render(resolve) == once
    assert once.references == ()


@pytest.mark.parametrize("text", ["${", "${}", "${a b}", "${secrets.}", "${run.name}", "${totp(x)}", "${a.b}"])
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\$\{"):
        Template(text)


def test_references_name_their_place() -> None:
    target = Target.model_validate({"button": "${a}", "within": {"row": {"matches": "${secrets.B}"}}})
    assert list(references(target)) == [
        (("button", "part"), Reference("variable", "a")),
        (("within", "row", "matches"), Reference("secret", "B")),
    ]


def test_values_are_escaped_in_regular_expressions() -> None:
    rendered = render(Matcher.model_validate({"matches": "^to ${email}$"}), resolve)
    assert rendered.accepts("to a+b@x.test")
    assert not rendered.accepts("to aab@x.test")
    assert re.compile(Pattern("${email}").render(resolve))


@pytest.mark.parametrize(
    ("matcher", "text", "accepted"),
    [
        ("order", "Your Order 12", True),
        ("order", "nothing", False),
        ({"is": "Order"}, "Order", True),
        ({"is": "Order"}, "order", False),
        ({"is": "A b"}, " A \n b ", True),
        ({"matches": r"\d+"}, "no 12", True),
        ({"matches": r"^\d+$"}, "no 12", False),
    ],
)
def test_matching(matcher: object, text: str, accepted: bool) -> None:
    assert Matcher.model_validate(matcher).accepts(text) is accepted


def test_the_group_is_the_value() -> None:
    assert Matcher.model_validate({"matches": r"A-(\d+)"}).extract("Order A-17") == "17"
    assert Matcher.model_validate({"matches": r"A-\d+"}).extract("Order A-17") == "A-17"
    assert Matcher.model_validate({"matches": r"B-\d+"}).extract("Order A-17") is None
    assert Matcher.model_validate("order").extract("Order A-17") == "Order A-17"


BASE = "https://shop.test/app"


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/login", "https://shop.test/app/login"),
        ("login", "https://shop.test/app/login"),
        ("/", "https://shop.test/app/"),
        ("//status", "https://shop.test/status"),
        ("?q=1", "https://shop.test/app?q=1"),
        ("https://other.test/x", "https://other.test/x"),
    ],
)
def test_paths_are_appended_to_the_base_url(path: str, url: str) -> None:
    assert join(BASE, path) == url


@pytest.mark.parametrize(
    ("pattern", "url", "accepted"),
    [
        ("/a", "https://shop.test/app/a", True),
        ("/a", "https://shop.test/app/a?x=1#y", True),
        ("/a", "https://shop.test/app/ab", False),
        ("/a", "https://shop.test/a", False),
        ("//a", "https://shop.test/a", True),
        ("/a?x=1", "https://shop.test/app/a?y=2&x=1", True),
        ("/a?x=1", "https://shop.test/app/a?x=2", False),
        ("/orders/*", "https://shop.test/app/orders/7", True),
        ("/orders/*", "https://shop.test/app/orders/7/edit", False),
        ("/orders/**", "https://shop.test/app/orders/7/edit", True),
        ("/a#top", "https://shop.test/app/a#top", True),
        ("/a#top", "https://shop.test/app/a", False),
        ("/a", "https://other.test/app/a", False),
        ("https://other.test/**", "https://other.test/x/y", True),
    ],
)
def test_url_patterns(pattern: str, url: str, accepted: bool) -> None:
    assert UrlPattern(pattern).accepts(url, BASE) is accepted
