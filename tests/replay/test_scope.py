from __future__ import annotations

import re
from datetime import date

import pyotp
import pytest

from smokerunner.model.errors import BadInput, NotReached
from smokerunner.model.secret import Secrets
from smokerunner.model.template import Template
from smokerunner.replay.scope import Scope


def scope(*layers: dict[str, str], secrets: Secrets | None = None) -> Scope:
    return Scope(layers=layers, secrets=secrets or Secrets(), run_id="run-1")


def text(where: Scope, template: str) -> str:
    return where.render(Template(template))


def test_later_layers_win() -> None:
    assert text(scope({"a": "1", "b": "1"}, {"a": "2"}), "${a}${b}") == "21"


def test_a_variable_is_rendered_once() -> None:
    one = scope({"email": "smoke+${unique}@x.test", "again": "<${email}>"})
    assert text(one, "${email}") == text(one, "${email}")
    assert text(one, "${again}") == f"<{text(one, '${email}')}>"
    assert re.fullmatch(r"smoke\+[a-z0-9]{10}@x\.test", text(one, "${email}"))


def test_unique_is_new_for_each_attempt() -> None:
    assert len({scope().unique for _ in range(100)}) == 100


def test_what_was_never_saved_is_not_reached() -> None:
    with pytest.raises(NotReached, match=r"\$\{order\} was never saved"):
        text(scope(), "${order}")


def test_a_circle_of_variables_is_bad_input() -> None:
    with pytest.raises(BadInput, match="a → b → a"):
        text(scope({"a": "${b}", "b": "${a}"}), "${a}")


def test_saved_values_are_meant_as_they_stand() -> None:
    one = scope()
    one.set("name", "${email} and $${")
    assert text(one, "${name}") == "${email} and $${"


def test_what_a_used_flow_saves_is_seen_afterwards() -> None:
    outer = scope({"email": "outer", "other": "x"})
    inner = outer.within({"email": "inner-${other}"})
    assert text(inner, "${email}") == "inner-x"
    inner.set("order", "17")
    inner.set("email", "changed")
    assert text(outer, "${order} ${email}") == "17 outer"


def test_mailed_and_secret_values_are_masked() -> None:
    secrets = Secrets()
    one = scope(secrets=secrets)
    one.set("link", "https://x.test/reset/abcdefgh", one_time=True)
    one.set("token", "0123456789", secret=True)
    one.set("order", "A-1234567")
    assert secrets.scrub("https://x.test/reset/abcdefgh 0123456789 A-1234567") == "***link*** ***token*** A-1234567"


def test_totp() -> None:
    seed = pyotp.random_base32()
    one = scope(secrets=Secrets({"MFA": seed}))
    assert pyotp.TOTP(seed).verify(text(one, "${totp(secrets.MFA)}"), valid_window=1)
    with pytest.raises(BadInput, match="the secret MFA is not a TOTP seed"):
        text(scope(secrets=Secrets({"MFA": "not base32!"})), "${totp(secrets.MFA)}")


def test_today_is_the_day_on_which_the_attempt_began() -> None:
    one = Scope(layers=({"day": "${today(+1d)}"},), secrets=Secrets(), run_id="run-1", today=date(2026, 12, 31))
    assert text(one, "${today}, ${day}, ${today(-1m, %d.%m.%y)}") == "2026-12-31, 2027-01-01, 30.11.26"
    assert text(one.within({"b": "1"}), "${today}") == "2026-12-31"
    with pytest.raises(BadInput, match=r"\$\{today\(\+9999y\)\}: \+9999y is beyond the calendar"):
        text(one, "${today(+9999y)}")


def test_exported_leaves_out_what_cannot_be_rendered() -> None:
    one = scope({"a": "1", "b": "${missing}"})
    assert one.exported() == {"a": "1"}
