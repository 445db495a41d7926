"""What is written into each field of a form, as a flow says it, and carried out once to see what comes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from smokerunner.authoring.act import Act
from smokerunner.browser.forms import FieldSeen, FormSeen, Notation
from smokerunner.browser.visitor import Visitor
from smokerunner.scouting.recognition import Wants, wanted_by

_REFERENCE = re.compile(r"\$\{([^}]*)\}")
_BY_WANT = {
    Wants.FIRST_NAME: "Robin",
    Wants.LAST_NAME: "Ek",
    Wants.NAME: "Robin Ek",
    Wants.PHONE: "+46 70 174 06 05",
    Wants.USER_NAME: "smoke${unique}",
}
_BY_TYPE = {
    "date": "1990-05-17", "number": "7", "url": "https://example.test/", "tel": "+46 70 174 06 05", "time": "12:00",
    "month": "2027-02", "week": "2027-W07", "color": "#336699", "datetime-local": "2027-02-03T12:00",
}  # fmt: skip


@dataclass(frozen=True)
class Filling:
    """One field and what is done with it: `fill`, `check` or `select`."""

    action: str
    target: Notation
    text: str = ""
    """In the flow language: `${username}`, `${secrets.SHOP_PASSWORD}`, or plain text."""

    @property
    def act(self) -> Act:
        """The step that it becomes."""
        return Act(self.action, targets=(self.target,), beside={"with": self.text} if self.action != "check" else {})

    async def carry_out(self, visitor: Visitor, values: Mapping[str, str]) -> None:
        """Do it. Raises Unavailable when the field cannot be used."""
        text = _REFERENCE.sub(lambda found: values[found[1]], self.text)
        if self.action == "check":
            await visitor.check(self.target)
        elif self.action == "select":
            await visitor.choose(self.target, text)
        else:
            await visitor.fill(self.target, text)


def login_fillings(form: FormSeen, user: str, password: str) -> tuple[Filling, ...]:
    """The user's name, or address, and the password; nothing else."""
    fields = [field for field in form.fields if field.shown and field.target]
    found = []
    people = [field for field in fields if wanted_by(field) in (Wants.EMAIL, Wants.USER_NAME)]
    people = people or [field for field in fields if field.type in ("text", "tel", "number")]
    if people:
        found.append(Filling("fill", people[0].target, user))
    found += [Filling("fill", field.target, password) for field in fields if field.type == "password"][:1]
    return tuple(found)


def register_fillings(form: FormSeen, email: str, password: str) -> tuple[Filling, ...]:
    """All that a new account needs: every required field, and the usual ones when nothing is marked as required."""
    fields = [field for field in form.fields if field.shown and field.target]
    says_required = any(field.required for field in fields)
    found = []
    chosen: set[str] = set()
    for field in fields:
        if field.type == "radio":
            # One of a group is enough.
            if field.name in chosen:
                continue
            chosen.add(field.name)
        wants = wanted_by(field)
        is_usual = wants in (Wants.EMAIL, Wants.PASSWORD, Wants.USER_NAME, Wants.TERMS)
        if (
            is_usual
            or field.required
            or (not says_required and wants in (Wants.NAME, Wants.FIRST_NAME, Wants.LAST_NAME))
        ):
            filling = _filling(field, wants, email, password)
            if filling is not None:
                found.append(filling)
    return tuple(found)


def reset_fillings(form: FormSeen, email: str) -> tuple[Filling, ...]:
    """The address to which the link is sent."""
    fields = [field for field in form.fields if field.shown and field.target]
    people = [field for field in fields if wanted_by(field) in (Wants.EMAIL, Wants.USER_NAME)]
    return tuple(Filling("fill", field.target, email) for field in people[:1])


def _filling(field: FieldSeen, wants: Wants, email: str, password: str) -> Filling | None:
    if field.type == "password":
        return Filling("fill", field.target, password)
    if wants is Wants.EMAIL:
        return Filling("fill", field.target, email)
    if field.type == "checkbox":
        return None if field.checked else Filling("check", field.target)
    if field.type == "select":
        return Filling("select", field.target, field.options[0]) if field.options else None
    if field.type in ("radio", "file"):
        return Filling("check", field.target) if field.type == "radio" and not field.checked else None
    return Filling("fill", field.target, _BY_WANT.get(wants) or _BY_TYPE.get(field.type, "Smoke test"))
