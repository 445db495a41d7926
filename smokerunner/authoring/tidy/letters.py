"""A link that was opened, or a code that was typed, because it came by mail becomes a `mail` step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from smokerunner.authoring.act import Act
from smokerunner.authoring.tidy.naming import Names
from smokerunner.model.mail import Message

_CODE = re.compile(r"[A-Z0-9]{2,}[ -]?[A-Z0-9]{2,}")
_DIGITS = re.compile(r"\d")


def with_letters(acts: Iterable[Act], letters: Sequence[Message], names: Names) -> tuple[Act, ...]:
    """The same acts, with a `mail` step before each that used what a mail said."""
    found: list[Act] = []
    for act in acts:
        found += _with_letter(act, letters, names) or [act]
    return tuple(found)


def _with_letter(act: Act, letters: Sequence[Message], names: Names) -> list[Act] | None:
    if act.action == "goto":
        for letter in reversed(letters):
            for anchor in letter.anchors:
                if _leads_to(names.replaced(anchor.href), str(act.value)):
                    variable = names.take("link")
                    part = anchor.text if anchor.text and anchor.text != anchor.href else urlsplit(anchor.href).path
                    mail = _mail(letter, {variable: {"anchor": _lasting(names.replaced(part))}}, names, act)
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
    shape = re.sub(r"[A-Z]+", "[A-Z]+", re.sub(r"\d+", lambda run: rf"\\d{{{len(run[0])}}}", code))
    if any(sign.isalpha() for sign in code):
        shape = rf"[A-Z0-9-]{{{len(code)}}}"
    before = body[: place.start()].rstrip(" \t*")
    words = re.findall(r"[^\W\d_]+", before.splitlines()[-1] if before.splitlines() else "")[-3:]
    gap = r"\W+"
    return rf"{gap.join(map(re.escape, words))}\W*({shape})" if words else rf"\b({shape})\b"
