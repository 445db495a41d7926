"""Values get names: passwords become secrets, the address of a new account a variable that is fresh every time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus

from smokerunner.authoring.act import Act, Field
from smokerunner.model.flow import TAKEN
from smokerunner.model.secret import forms

_SECRET = re.compile(
    r"pass(word|wort|phrase|code|wd)|(?<!com)pass\b|pwd|kennwort|mot de passe|contrase|l.senord|geheim|secret(?!ar)"
    r"|api.?key|\btoken\b",
    re.IGNORECASE,
)
_NEW = re.compile(r"\b(new|repeat|again|confirm\w*|choose|create|neues|nouveau)\b", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_USER = re.compile(r"user.?name|login.?name|nick.?name|\bhandle\b|benutzername", re.IGNORECASE)
_REFERENCE = re.compile(r"((?<!\$)\$\{[^}]*\})")
_SHORTEST = 4
"""Characters; a shorter value occurs by chance, so it is not taken for the same elsewhere."""


def is_secret_field(act: Act) -> bool:
    """Whether what was typed there must not be seen: by the field's type, name, autocomplete or label."""
    field = act.written or Field()
    if field.type == "password" or field.autocomplete.lower().endswith(("current-password", "new-password")):
        return True
    if field.type == "email" or _EMAIL.fullmatch(str(act.beside.get("with", ""))):
        # "The e-mail address to which we send your new password": what its label says besides is no matter.
        return False
    return any(_SECRET.search(words) for words in (field.name, field.label, *_words(act)))


class Names:
    """What values are called in one flow. `new` holds the secrets to declare, each with its field's label."""

    def __init__(self, app: str, variables: Mapping[str, str], secrets: Mapping[str, str | None]) -> None:
        self._app = app
        self._known = dict(variables)
        self._declared = dict(secrets)
        self._saved: set[str] = set()
        self.variables: dict[str, str] = {}
        self.values: dict[str, str] = {}
        self.new: dict[str, str] = {}
        self._literals: dict[str, str] = {}
        for name, value in variables.items():
            self._literals |= dict.fromkeys(_forms(value), f"${{{name}}}")
        self._secret_literals: dict[str, str] = {}
        self._secret_forms: dict[str, str] = {}
        for name, held in secrets.items():
            if held:
                self._hide(held, name)

    def named(self, acts: Iterable[Act]) -> tuple[Act, ...]:
        """The same acts, in which no secret stands and every account is fresh."""
        acts = tuple(acts)
        opening = _opening_forms(acts)
        named = []
        for index, act in enumerate(acts):
            text = act.beside.get("with")
            if act.action == "fill" and isinstance(text, str) and text and not _REFERENCE.search(text):
                if is_secret_field(act):
                    act = replace(act, beside={**act.beside, "with": self.secret(_unescaped(text), act)})
                elif index in opening:
                    self._open_account(text, act)
            named.append(act)
        return tuple(self._replaced_in(act) for act in named)

    def replaced(self, text: str) -> str:
        """The text with every value that has a name written as its reference; the longest first."""
        for literals in (self._secret_forms, self._literals):
            for value in sorted(literals, key=len, reverse=True):
                if len(value) >= _SHORTEST and value in text:
                    text = _outside_references(text, value, literals[value])
        return text

    def holds_secret(self, text: str) -> bool:
        """Whether a secret's value, or a reference to one, stands in the text."""
        return "${secrets." in text or any(value in text for value in self._secret_forms)

    def take(self, wanted: str) -> str:
        """A variable's name that nobody uses yet; from now on it is taken."""
        taken = {*self._known, *self.variables, *self._saved, *TAKEN}
        name = next(name for name in _numbered(wanted) if name not in taken)
        self._saved.add(name)
        return name

    def secret(self, value: str, act: Act) -> str:
        """The reference that stands for a secret value; it is declared when no declared secret has that value."""
        if value in self._secret_literals:
            return self._secret_literals[value]
        for known in sorted(self._secret_literals, key=len, reverse=True):
            # A changed password often is the old one with something behind it.
            rest = value.removeprefix(known)
            if len(known) >= _SHORTEST and rest != value:
                return self._secret_literals[known] + _escaped(rest)
        label = next(iter([*filter(None, [(act.written or Field()).label, *_words(act)])]), "password")
        unset = [name for name, held in self._declared.items() if held is None and name not in self.values]
        if len(self._declared) == 1 and unset:
            name = unset[0]
        else:
            stem = "NEW_PASSWORD" if _NEW.search(label) and self.values else "PASSWORD"
            prefix = re.sub(r"[^A-Z0-9]+", "_", self._app.upper()).strip("_") or "APP"
            if prefix[0].isdigit():
                prefix = f"APP_{prefix}"
            taken = {*self._declared, *self.new}
            name = next(name for name in _numbered(f"{prefix}_{stem}", "_") if name not in taken)
            self.new[name] = label
        self._hide(value, name)
        return self._secret_literals[value]

    def _hide(self, value: str, name: str) -> None:
        """From now on a value is a secret, however it may be written."""
        self.values[name] = value
        self._secret_literals[value] = f"${{secrets.{name}}}"
        self._secret_forms |= dict.fromkeys((*forms(value), _escaped(value)), f"${{secrets.{name}}}")

    def _open_account(self, text: str, act: Act) -> None:
        if text in self._literals:
            return
        if _EMAIL.fullmatch(text):
            local, _, host = text.partition("@")
            self._add("email", f"{local.partition('+')[0]}+${{unique}}@{host}", text)
        elif _is_user_name(act):
            self._add("username", f"{text}${{unique}}", text)

    def _add(self, wanted: str, template: str, literal: str) -> None:
        # A flow's own variable wins over one that it inherits, so only its own names are in the way.
        name = next(name for name in _numbered(wanted) if name not in self.variables and name not in TAKEN)
        self.variables[name] = template
        self._literals |= dict.fromkeys(_forms(literal), f"${{{name}}}")

    def _replaced_in(self, act: Act) -> Act:
        return replace(
            act,
            value=self._deep(act.value),
            beside=self._deep(act.beside),
            targets=self._deep(act.targets),
            view=replace(act.view, url=self.replaced(act.view.url), appeared=self._deep(act.view.appeared))
            if act.view is not None
            else None,
        )

    def _deep(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.replaced(value)
        if isinstance(value, Mapping):
            return {key: self._deep(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._deep(item) for item in value)
        return value


def _outside_references(text: str, value: str, reference: str) -> str:
    pieces = _REFERENCE.split(text)
    return "".join(piece if piece.startswith("${") else piece.replace(value, reference) for piece in pieces)


def _escaped(text: str) -> str:
    return text.replace("${", "$${")


def _unescaped(text: str) -> str:
    """What was typed: in acts a literal `${` is written `$${`."""
    return text.replace("$${", "${")


def _forms(value: str) -> set[str]:
    """A value as it stands in texts and in addresses."""
    return {value, quote(value, safe=""), quote_plus(value)} if len(value) >= _SHORTEST else set()


def _numbered(stem: str, between: str = "") -> Iterable[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}{between}{number}"
        number += 1


def _words(act: Act) -> list[str]:
    """What the targets of an act call its field."""
    found = []
    for target in act.targets:
        for key, value in target.items():
            if key in ("within", "frame", "has", "fallbacks", "nth"):
                continue
            text = next(iter(value.values()), "") if isinstance(value, Mapping) else value
            found.append(str(text))
    return found


def _is_user_name(act: Act) -> bool:
    field = act.written or Field()
    return field.autocomplete == "username" or any(
        _USER.search(words) for words in (field.name, field.label, *_words(act))
    )


def _opening_forms(acts: tuple[Act, ...]) -> set[int]:
    """The fills of forms that open an account, by their position.

    The recorder knows them. Elsewhere a form is a run of acts up to the next click on something else than a field;
    it opens an account when it asks for a new password, or for a password twice.
    """
    found = {index for index, act in enumerate(acts) if act.written is not None and act.written.opens_account}
    form: list[int] = []
    for index, act in enumerate(acts):
        if act.action in ("fill", "check", "uncheck", "select", "upload"):
            form.append(index)
            continue
        found |= _if_opening(acts, form)
        form = []
    return found | _if_opening(acts, form)


def _if_opening(acts: tuple[Act, ...], form: list[int]) -> set[int]:
    if any(acts[index].written is not None for index in form):
        return set()
    secret = [acts[index] for index in form if acts[index].action == "fill" and is_secret_field(acts[index])]
    twice = len(secret) > 1 and len({act.beside.get("with") for act in secret}) < len(secret)
    new = any(_NEW.search(words) for act in secret for words in _words(act))
    return set(form) if twice or new else set()
