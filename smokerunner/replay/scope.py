"""The variables a flow sees, and what becomes of `${...}`."""

from __future__ import annotations

import secrets as random
import string
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from smokerunner.model.day import Day
from smokerunner.model.errors import BadInput, NotReached
from smokerunner.model.secret import Secrets
from smokerunner.model.template import Reference, Template, render

Value = TypeVar("Value")
_ALPHABET = string.ascii_lowercase + string.digits


def unique() -> str:
    """Ten characters of a-z0-9 that were never used before."""
    return "".join(random.choice(_ALPHABET) for _ in range(10))


class Scope:
    """The variables of one attempt. Later layers win: given for all, inherited, the flow's own, options, saved."""

    def __init__(
        self,
        *,
        layers: tuple[Mapping[str, str], ...],
        secrets: Secrets,
        run_id: str,
        unique_text: str | None = None,
        today: date | None = None,
    ) -> None:
        """`today` is the day on which the attempt began, where its visitor is; by default this machine's."""
        self._values: dict[str, str] = {}
        for layer in layers:
            self._values.update(layer)
        self._secrets = secrets
        self._run_id = run_id
        self.unique = unique_text or unique()
        self._today = today or date.today()
        self._rendering: list[str] = []

    def within(self, values: Mapping[str, str]) -> Scope:
        """A scope with `values` on top; what is saved there is seen here too."""
        inner = Scope(layers=(), secrets=self._secrets, run_id=self._run_id, unique_text=self.unique, today=self._today)
        rendered = {name: self.render(value) for name, value in values.items()}
        inner._values = _Layered(self._values, rendered)
        return inner

    def set(self, name: str, value: str, *, one_time: bool = False, secret: bool = False) -> None:
        """Save a value; a secret or one-time one is masked from now on."""
        if one_time:
            self._secrets.add_one_time(name, value)
        elif secret:
            self._secrets.add(name, value)
        self._values[name] = Template.literal(value)

    def get(self, name: str) -> str | None:
        """The value as it was given or saved; None when there is none."""
        return self._values.get(name)

    def exported(self) -> dict[str, str]:
        """Every variable rendered, for the flows that need this one; those that cannot be rendered are left out."""
        found: dict[str, str] = {}
        for name in tuple(self._values):
            try:
                found[name] = Template.literal(self._variable(name))
            except NotReached:
                continue
        return found

    def render(self, value: Value) -> Value:
        """A copy in which every reference is replaced. Raises NotReached for a variable that was never saved."""
        return render(value, self.resolve)

    def resolve(self, reference: Reference) -> str:
        """What one reference stands for."""
        if reference.kind == "unique":
            return self.unique
        if reference.kind == "run":
            return self._run_id
        if reference.kind == "today":
            return self._day(reference.name)
        if reference.kind in ("secret", "totp"):
            try:
                value = self._secrets.value(reference.name)
            except KeyError:
                raise NotReached(f"the secret {reference.name} has no value") from None
            return value if reference.kind == "secret" else self._one_time_code(reference.name, value)
        return self._variable(reference.name)

    def _day(self, written: str) -> str:
        try:
            return Day.parse(written).spell(self._today)
        except ValueError as wrong:
            raise BadInput(f"${{today({written})}}: {wrong}") from wrong

    def _one_time_code(self, name: str, seed: str) -> str:
        import pyotp

        try:
            code = pyotp.TOTP(seed.replace(" ", "")).now()
        except ValueError as wrong:
            raise BadInput(f"the secret {name} is not a TOTP seed (base32)") from wrong
        self._secrets.add_one_time(f"totp-{name}", code)
        return code

    def _variable(self, name: str) -> str:
        value = self._values.get(name)
        if value is None:
            raise NotReached(f"${{{name}}} was never saved")
        if name in self._rendering:
            circle = " → ".join([*self._rendering, name])
            raise BadInput(f"variables refer to each other in a circle: {circle}")
        self._rendering.append(name)
        try:
            text = value if isinstance(value, Template) else Template(value)
            rendered = text.render(self.resolve)
        finally:
            self._rendering.pop()
        # Rendered once: every use in an attempt sees the same value.
        self._values[name] = Template.literal(rendered)
        return str(rendered)


class _Layered(dict[str, str]):
    """Reads its own values first; writes go through to the layer below, so that nothing saved is lost."""

    def __init__(self, below: dict[str, str], own: Mapping[str, str]) -> None:
        super().__init__({**below, **own})
        self._below = below
        self._own = set(own)

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(name, value)
        if name not in self._own:
            self._below[name] = value
