"""Which framework an app is built with, by the signs that it leaves; and where such apps usually have their forms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smokerunner.scouting.recognition import Purpose

Paths = Mapping[Purpose, tuple[str, ...]]


@dataclass(frozen=True)
class Signs:
    """What an app shows of itself without being asked."""

    cookies: Sequence[str] = ()
    """Names."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of the document, by lower-case name."""
    markup: str = ""


@dataclass(frozen=True)
class Framework:
    """A framework: its signs, and its usual paths in the order in which they are tried."""

    name: str
    title: str
    paths: Paths
    cookies: str = r"(?!)"
    headers: str = r"(?!)"
    """Looked for in lines such as `x-powered-by: PHP/8.2`."""
    markup: tuple[str, ...] = ()

    def signs_in(self, signs: Signs) -> tuple[str, ...]:
        """By what it is recognised here; none when it is not."""
        found = [f"cookie {name}" for name in signs.cookies if re.search(self.cookies, name)]
        lines = (f"{name}: {value}" for name, value in signs.headers.items())
        found += [f"header {line[:60]}" for line in lines if re.search(self.headers, line, re.IGNORECASE)]
        for pattern in self.markup:
            seen = re.search(pattern, signs.markup, re.IGNORECASE)
            if seen:
                found.append(seen[1] if seen.re.groups else seen[0])
        return tuple(dict.fromkeys(found))


FRAMEWORKS: tuple[Framework, ...] = (
    Framework(
        "wordpress",
        "WordPress",
        {
            Purpose.LOGIN: ("/wp-login.php", "/my-account/"),
            Purpose.REGISTER: ("/wp-login.php?action=register", "/my-account/"),
            Purpose.RESET: ("/wp-login.php?action=lostpassword", "/my-account/lost-password/"),
        },
        cookies=r"^wordpress_|^wp-settings",
        headers=r"^link: .*wp-json|^x-redirect-by: WordPress",
        markup=(r"/(wp-content)/", r"/(wp-includes)/", r"(wp-login\.php)", r'name="generator" content="(WordPress)'),
    ),
    Framework(
        "laravel",
        "Laravel",
        {
            Purpose.LOGIN: ("/login",),
            Purpose.REGISTER: ("/register",),
            Purpose.RESET: ("/forgot-password", "/password/reset"),
        },
        cookies=r"^laravel[_-]session$|^XSRF-TOKEN$",
        markup=(r'name="(_token)"', r"(wire:id)=", r"\b(Livewire)\.", r'name="(csrf-token)" content="[A-Za-z0-9]{40}"'),
    ),
    Framework(
        "django",
        "Django",
        {
            Purpose.LOGIN: ("/accounts/login/", "/login/", "/admin/login/"),
            Purpose.REGISTER: ("/accounts/signup/", "/accounts/register/", "/register/"),
            Purpose.RESET: (
                "/accounts/password_reset/", "/accounts/password/reset/", "/password-reset/", "/password_reset/",
                "/admin/password_reset/",
            ),
        },
        cookies=r"^csrftoken$",
        markup=(r'name=["\'](csrfmiddlewaretoken)', r"(__admin_media_prefix__)", r"/static/(admin)/css"),
    ),
    Framework(
        "rails",
        "Rails",
        {
            Purpose.LOGIN: ("/users/sign_in", "/login", "/session/new", "/sign_in"),
            Purpose.REGISTER: ("/users/sign_up", "/signup", "/registration/new", "/sign_up"),
            Purpose.RESET: ("/users/password/new", "/passwords/new", "/password_resets/new"),
        },
        headers=r"^x-runtime: \d|^x-powered-by: .*Passenger",
        markup=(
            r'name=["\'](authenticity_token)', r'name=["\'](csrf-param)["\']', r"/(rails)/active_storage",
            r"(data-turbo-track)",
        ),
    ),
)  # fmt: skip
ANY = Framework(
    "any",
    "",
    {
        Purpose.LOGIN: ("/login", "/signin", "/accounts/login/", "/account/login", "/users/sign_in"),
        Purpose.REGISTER: ("/register", "/signup", "/account/register"),
        Purpose.RESET: ("/forgot-password", "/forgot", "/password/reset", "/account/forgot"),
    },
)
"""What is tried when nothing is known."""


@dataclass(frozen=True)
class Recognised:
    """A framework, and by what it was recognised; by nothing when it was named, or none is known."""

    framework: Framework
    signs: tuple[str, ...] = ()


def recognise(signs: Signs) -> Recognised:
    """The framework with the most signs; ANY without any."""
    # Angular's own client reads a cookie of Laravel's name, and Rails has a meta tag like Laravel's: one weak sign of
    # the one does not outweigh two of the other.
    found = [Recognised(framework, framework.signs_in(signs)) for framework in FRAMEWORKS]
    best = max(found, key=lambda one: len(one.signs))
    return best if best.signs else Recognised(ANY)


def named(name: str) -> Framework:
    """A framework by the name that the command line uses."""
    return next((framework for framework in FRAMEWORKS if framework.name == name), ANY)
