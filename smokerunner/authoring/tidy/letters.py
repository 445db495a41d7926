"""A link that was opened, or a code that was typed, because it came by mail becomes a `mail` step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from smokerunner.authoring.act import Act
from smokerunner.authoring.tidy.naming import Names
from smokerunner.model.anchors import Anchor
from smokerunner.model.mail import Message

_CODE = re.compile(r"[A-Z0-9]{2,}[ -]?[A-Z0-9]{2,}")
_DIGITS = re.compile(r"\d")
_WORD = re.compile(r"[a-z]{2,24}(?:[-_.][a-z]{1,24})*|[A-Z][a-z]{3,24}")
"""A piece of an address that tells people something; others are numbers and tokens, such as Django's `MQ`."""


def with_letters(acts: Iterable[Act], letters: Sequence[Message], names: Names) -> tuple[Act, ...]:
    """The same acts, with a `mail` step before each that used what a mail said."""
    found: list[Act] = []
    for act in acts:
        found += _with_letter(act, letters, names) or [act]
    return tuple(found)


def _with_letter(act: Act, letters: Sequence[Message], names: Names) -> list[Act] | None:
    letters = [letter for letter in letters if act.at is None or letter.received <= act.at]
    if act.action == "goto":
        for letter in reversed(letters):
            for anchor in letter.anchors:
                if _leads_to(names.replaced(anchor.href), str(act.value)):
                    variable = names.take("link")
                    part = _lasting(names.replaced(anchor.text)) if _has_words(anchor) else _beginning(anchor.href)
                    mail = _mail(letter, {variable: {"anchor": part}}, names, act)
                    return [mail, replace(act, value=f"${{{variable}}}")]
    text = act.beside.get("with")
    if act.action == "fill" and isinstance(text, str) and _CODE.fullmatch(text) and _DIGITS.search(text):
        for letter in reversed(letters):
            where = _around(letter.body, text)
            if where is not None:
                variable = names.take("code")
                mail = _mail(letter, {variable: {"text": {"matches": where}}}, names, act)
                return [mail, replace(act, beside={**act.beside, "with": f"${{{variable}}}"})]
    return None


def one_time(letters: Iterable[Message]) -> frozenset[str]:
    """The pieces of the mails' links that are no words: whose they are, and the token that works once."""
    found: set[str] = set()
    for letter in letters:
        for anchor in letter.anchors:
            parts = urlsplit(anchor.href)
            pieces = [*parts.path.split("/"), *(value for _, value in parse_qsl(parts.query))]
            found.update(piece for piece in pieces if piece and _WORD.fullmatch(piece) is None)
    return frozenset(found)


def _has_words(anchor: Anchor) -> bool:
    return bool(anchor.text) and anchor.text != anchor.href


def _beginning(href: str) -> str:
    """The path of a link as far as it is the same in every mail."""
    parts = urlsplit(href)
    lasting: list[str] = []
    for segment in parts.path.split("/"):
        if segment and _WORD.fullmatch(segment) is None:
            return "/".join([*lasting, ""])
        lasting.append(segment)
    return parts.path if parts.path.strip("/") else parts.netloc


def _leads_to(href: str, url: str) -> bool:
    """The same address; the host may differ, since apps do not always know their own."""
    wanted, seen = urlsplit(href), urlsplit(url)
    return bool(wanted.path.strip("/") or wanted.query) and (wanted.path, wanted.query) == (seen.path, seen.query)


def _mail(letter: Message, save: dict[str, Any], names: Names, act: Act) -> Act:
    wanted = {"to": names.replaced(letter.recipients[0] if letter.recipients else "")}
    subject = _lasting(names.replaced(letter.subject))
    if subject:
        wanted["subject"] = subject
    return Act("mail", value=wanted, beside={"save": save}, page=act.page)


def _lasting(text: str) -> str:
    """The longest piece without numbers, which are different every time."""
    pieces = re.split(r"\S*\d\S*", " ".join(text.split()))
    return max((piece.strip(" -:#()[]") for piece in pieces), key=len, default="") or text


def _around(body: str, code: str) -> str | None:
    """An expression that finds the code again, by the words before it on its line or the line above."""
    place = re.search(rf"(?<![\w-]){re.escape(code)}(?![\w-])", body)
    if place is None:
        return None
    shape = re.sub(r"[A-Z]+", "[A-Z]+", re.sub(r"\d+", lambda run: rf"\d{{{len(run[0])}}}", code))
    if any(sign.isalpha() for sign in code):
        shape = rf"[A-Z0-9-]{{{len(code)}}}"
    before = body[: place.start()].rstrip(" \t*")
    words = re.findall(r"[^\W\d_]+", before.splitlines()[-1] if before.splitlines() else "")[-3:]
    gap = r"\W+"
    return rf"{gap.join(map(re.escape, words))}\W*({shape})" if words else rf"\b({shape})\b"
