"""What a form is for, and what its fields want: told by types, autocomplete tokens and words, in that order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

from smokerunner.browser.forms import BannerSeen, FieldSeen, FormSeen, LinkSeen, Notation, PageSeen
from smokerunner.scouting import words


class Purpose(StrEnum):
    """What a form is for."""

    LOGIN = "login"
    IDENTIFIER = "identifier"
    """The first half of a log-in that asks for the password on its next page."""
    REGISTER = "register"
    RESET = "reset"
    NEW_PASSWORD = "new password"
    CODE = "code"
    """A second factor."""
    SEARCH = "search"
    NEWSLETTER = "newsletter"
    OTHER = "other"


class Wants(StrEnum):
    """What belongs into a field."""

    EMAIL = "email"
    USER_NAME = "user name"
    PASSWORD = "password"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    NAME = "name"
    PHONE = "phone"
    TERMS = "terms"
    CODE = "code"
    REMEMBER = "remember"
    OTHER = "other"


_CODE = re.compile(
    r"\b(otp|totp|2fa|mfa|one[ _-]?time|verification[ _-]?code|security[ _-]?code|token)\b", re.IGNORECASE
)
_REMEMBER = re.compile(
    r"remember|stay (?:signed|logged)|keep me|angemeldet bleiben|merken|souvenir|recordar|kom ihåg|onthoud|ricorda"
    r"|lembrar|rester connecté", re.IGNORECASE,
)  # fmt: skip
_ELSEWHERE = re.compile(
    r"\b(google|facebook|apple|github|gitlab|microsoft|twitter|linkedin|sso|saml|passkey|magic link)\b"
    r"|\b(show|hide|toggle|cancel)\b", re.IGNORECASE,
)  # fmt: skip
"""Buttons beside the one that sends: to log in by somebody else, to see what was typed."""
_WRITTEN = ("text", "email", "tel", "url", "number", "search", "date", "textarea", "")
_BY_TOKEN = {
    "email": Wants.EMAIL, "username": Wants.USER_NAME, "given-name": Wants.FIRST_NAME, "family-name": Wants.LAST_NAME,
    "name": Wants.NAME, "tel": Wants.PHONE, "one-time-code": Wants.CODE, "current-password": Wants.PASSWORD,
    "new-password": Wants.PASSWORD,
}  # fmt: skip

_BY_WORDS = (
    (Wants.USER_NAME, words.USER_NAME), (Wants.EMAIL, words.EMAIL), (Wants.FIRST_NAME, words.FIRST_NAME),
    (Wants.LAST_NAME, words.LAST_NAME), (Wants.PHONE, words.PHONE), (Wants.NAME, words.NAME),
)  # fmt: skip


def wanted_by(field: FieldSeen) -> Wants:
    """What a person would write into a field."""
    said = _said(field)
    if field.type == "password":
        return Wants.PASSWORD
    if field.type == "checkbox":
        if _REMEMBER.search(said):
            return Wants.REMEMBER
        return Wants.TERMS if words.TERMS.search(said) else Wants.OTHER
    if field.type not in _WRITTEN:
        return Wants.OTHER
    if field.type == "email":
        return Wants.EMAIL
    token = _BY_TOKEN.get(field.autocomplete.split(" ")[-1])
    if token is not None:
        return Wants.EMAIL if token is Wants.USER_NAME and _only_mail(_read(field)) else token
    if field.type == "tel":
        return Wants.PHONE
    if _CODE.search(said):
        return Wants.CODE
    # What a person reads counts before what the makers call it.
    for told in (_read(field), said):
        for wants, pattern in _BY_WORDS:
            if pattern.search(told):
                return wants
    return Wants.OTHER


def purpose_of(form: FormSeen, page_url: str = "", page_title: str = "") -> Purpose:
    """What a form is for; where it stands helps when the form itself does not say."""
    fields = [field for field in form.fields if field.shown]
    passwords = [field for field in fields if field.type == "password"]
    if not fields:
        return Purpose.OTHER
    if passwords:
        return _with_password(form, fields, passwords, page_url, page_title)
    written = [field for field in fields if field.type in _WRITTEN]
    wants = [wanted_by(field) for field in written]
    if form.role == "search" or _is_search(form, written):
        return Purpose.SEARCH
    if any(field.type == "textarea" for field in written):
        return Purpose.OTHER
    own, around = _words_of(form), f"{form.heading} {page_title} {_path(page_url)}"
    if Wants.CODE in wants:
        return Purpose.CODE
    if not any(want in (Wants.EMAIL, Wants.USER_NAME) for want in wants):
        return Purpose.OTHER
    if words.RESET.search(own):
        return Purpose.RESET
    if words.NEWSLETTER.search(f"{own} {form.heading}") and not words.REGISTER.search(own):
        return Purpose.NEWSLETTER
    if words.REGISTER.search(own):
        return Purpose.REGISTER
    if words.RESET.search(around) and len(written) == 1:
        return Purpose.RESET
    is_first_half = words.LOGIN.search(own) or (words.CONTINUE.search(own) and words.LOGIN.search(around))
    if len(written) == 1 and is_first_half:
        return Purpose.IDENTIFIER
    return Purpose.OTHER


def forms_for(page: PageSeen, purpose: Purpose) -> tuple[FormSeen, ...]:
    """The forms of a page that are for this, in the order of the page."""
    return tuple(form for form in page.forms if purpose_of(form, page.url, page.title) is purpose)


def sender_of(form: FormSeen, purpose: Purpose) -> Notation:
    """The target of the button that sends a form; empty when there is none to be seen."""
    wanted = _LINKS[purpose][0] if purpose in _LINKS else words.CONTINUE
    shown = [button for button in form.buttons if button.shown and button.target and not button.opens]
    ranked = sorted(
        shown,
        key=lambda button: (
            _ELSEWHERE.search(button.words) is not None,
            button.type != "submit",
            wanted.search(button.words) is None,
        ),
    )
    return ranked[0].target if ranked else {}


def is_logout(text: str) -> bool:
    """Whether a link or button of these words ends the session."""
    return words.LOGOUT.search(text) is not None


def is_login(text: str) -> bool:
    """Whether a link or button of these words leads to the log-in, and not to a new account."""
    return words.LOGIN.search(text) is not None and words.REGISTER.search(text) is None


_LINKS = {
    Purpose.LOGIN: (words.LOGIN, words.REGISTER),
    Purpose.REGISTER: (words.REGISTER, words.LOGOUT),
    Purpose.RESET: (words.RESET, words.LOGOUT),
}


def links_to(links: Iterable[LinkSeen], purpose: Purpose) -> tuple[LinkSeen, ...]:
    """The links that lead to such a form, the most telling first. Nothing that logs out is among them."""
    wanted, instead = _LINKS[purpose]
    ranked: list[tuple[int, LinkSeen]] = []
    for link in links:
        path = _path(link.url)
        if is_logout(link.words) or is_logout(path):
            continue
        by_words = wanted.search(link.words) is not None
        by_path = wanted.search(path) is not None
        if not by_words and not by_path:
            continue
        rank = 0 if by_words and by_path else 1 if by_words else 2
        rank += 3 * (instead.search(link.words) is not None) + (not link.shown)
        ranked.append((rank, link))
    ranked.sort(key=lambda entry: entry[0])
    found: dict[str, LinkSeen] = {}
    for _, link in ranked:
        found.setdefault(link.url.partition("#")[0], link)
    return tuple(found.values())


def consent_button(banner: BannerSeen) -> str:
    """What to press so that a banner goes away: the one that allows least; '' when none can be told."""
    for pattern in (words.DECLINE, words.ACCEPT):
        for text in banner.buttons:
            if pattern.search(text) and len(text) < 60:
                return text
    return ""


def _with_password(
    form: FormSeen, fields: list[FieldSeen], passwords: list[FieldSeen], page_url: str, page_title: str
) -> Purpose:
    people = [field for field in fields if wanted_by(field) in (Wants.EMAIL, Wants.USER_NAME)]
    own = _words_of(form)
    if len(passwords) > 1:
        if any(field.autocomplete == "current-password" for field in passwords) or not people:
            return Purpose.NEW_PASSWORD
        return Purpose.REGISTER
    token = passwords[0].autocomplete
    is_new = token == "new-password" or words.NEW_PASSWORD.search(_said(passwords[0])) is not None
    if is_new and not words.LOGIN.search(own):
        return Purpose.REGISTER if people else Purpose.NEW_PASSWORD
    if token == "current-password" and (people or words.LOGIN.search(own)):
        return Purpose.LOGIN
    registers, logs_in = words.REGISTER.search(own), words.LOGIN.search(own)
    if registers and not logs_in:
        return Purpose.REGISTER if people else Purpose.OTHER
    if logs_in and not registers:
        return Purpose.LOGIN
    if not people:
        return Purpose.OTHER
    more = [f for f in fields if f.type in _WRITTEN and f not in people] + [f for f in fields if f.type == "select"]
    if more or any(wanted_by(field) is Wants.TERMS for field in fields):
        return Purpose.REGISTER
    around = f"{form.heading} {page_title} {_path(page_url)}"
    if words.REGISTER.search(around) and not words.LOGIN.search(around):
        return Purpose.REGISTER
    return Purpose.LOGIN


def _is_search(form: FormSeen, written: list[FieldSeen]) -> bool:
    if len(written) != 1:
        return False
    field = written[0]
    named = field.type == "search" or field.name.lower() in ("q", "s", "query", "search", "keyword", "term")
    return named or (form.method == "get" and words.SEARCH.search(f"{_words_of(form)} {_said(field)}") is not None)


def _words_of(form: FormSeen) -> str:
    """What the form says of itself: its buttons, then what its makers call it."""
    buttons = " ".join(button.words for button in form.buttons if button.type in ("submit", "image", "button"))
    return f"{buttons} {_apart(form.id)} {_apart(form.name)} {_path(form.action)}"


def _said(field: FieldSeen) -> str:
    return f"{field.label} {field.placeholder} {_apart(field.name)} {field.name}"


def _read(field: FieldSeen) -> str:
    return f"{field.label} {field.placeholder}"


def _only_mail(said: str) -> bool:
    return words.EMAIL.search(said) is not None and words.USER_NAME.search(said) is None


def _apart(name: str) -> str:
    """A name as makers write it, in words: `loginForm`, `login_form`, `user[email]`."""
    return re.sub(r"[^A-Za-z0-9]+", " ", re.sub(r"([a-z])([A-Z])", r"\1 \2", name))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path} {parts.query} {parts.fragment}".replace("=", " ").strip()
