"""What a run would do, told from its files: order, reasons, values, addresses, and nothing that is secret."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path

import pytest

from smokerunner.browser.binary import Binary
from smokerunner.language.environment import load_config
from smokerunner.language.load import load_all
from smokerunner.model.errors import BadInput
from smokerunner.model.template import Template
from smokerunner.replay.foreseeing import Lender, foresee
from smokerunner.replay.foreseen import Foreseen, ForeseenFlow, ForeseenRequest, every_step
from smokerunner.replay.options import Options
from smokerunner.replay.plan import Selection
from smokerunner.replay.preparing import prepare

PASSWORD = "correct horse battery"
FLOWS = """
app: shop
base_url: http://files.example/base
secrets: [SHOP_PASSWORD, SHOP_SEED, UNUSED]
variables: {email: "smoke+${unique}@example.test", colour: red}
flows:
  register:
    severity: critical
    steps:
      - goto: /register
      - fill: {label: Email}
        with: ${email}
      - fill: {label: Password}
        with: ${secrets.SHOP_PASSWORD}-${totp(secrets.SHOP_SEED)}
      - click: {button: Create account}
        save: {account: {url: {matches: "/accounts/(.+)"}}}
    cleanup:
      - api: {delete: "/accounts/${account}"}
  login:
    title: Somebody logs in
    needs: register
    tags: [auth]
    steps:
      - goto: /login?account=${account}
      - expect: {visible: {heading: "Hello ${email}"}}
  order:
    starts_from: login
    exclusive: cart
    variables: {colour: blue, note: "${colour} for ${email}"}
    people: {admin: {starts_from: login}}
    steps:
      - use: choose
        with: {colour: "light ${colour}"}
      - api: {post: /orders, json: {note: "${note}", day: "${today(+1d)}"}}
        timeout: 5s
        save: {order: {json: $.id}}
      - goto: /orders/${order}
        as: admin
      - click: {link: Receipt}
        popup:
          - expect: {visible: {text: "${run.id}"}}
      - goto: https://elsewhere.example/pay
      - goto: ${order}
  choose:
    variables: {colour: green}
    effects: none
    steps:
      - fill: {label: Colour}
        with: ${colour}
  charge:
    effects: real
    steps:
      - goto: /pay
  uses-charge:
    steps:
      - use: charge
  after-charge:
    needs: charge
    steps:
      - goto: /
"""
CONFIG = """
apps:
  shop:
    environments:
      staging: {base_url: "http://robin:basic-secret@staging.example/shop"}
      production:
        base_url: https://shop.example
        production: yes
        read_only: yes
        allow_hosts: [pay.example]
        allow_post: [/search]
        secrets: {SHOP_PASSWORD: PRODUCTION_PASSWORD}
        variables: {email: real@example.test}
        mailbox: {imap: {host: mail.example, user: robin, password: "${secrets.SHOP_PASSWORD}"}}
        mail_links: rebase
        max_time: 10m
"""
VALUES = {
    "SHOP_PASSWORD": PASSWORD,
    "PRODUCTION_PASSWORD": PASSWORD,
    "SHOP_SEED": "JBSWY3DPEHPK3PXPJBSWY3DP",
}


def foreseen(
    home: Path,
    *names: str,
    environment: str | None = None,
    values: dict[str, str] | None = None,
    **options: object,
) -> Foreseen:
    """The plan of these flows."""
    (home / "shop.yaml").write_text(FLOWS)
    (home / "smokerunner.yaml").write_text(CONFIG)
    lender = Lender((VALUES if values is None else values).get)
    job = prepare(
        load_all([home / "shop.yaml"])[0],
        load_config(home / "smokerunner.yaml"),
        Options(selection=Selection(names), **options),  # type: ignore[arg-type]
        binary=Binary(Path("/usr/bin/chromium"), "chromium"),
        environment_name=environment or "staging",
        lookup=lender,
    )
    return foresee(job, lender.missing, date(2026, 11, 30))


def flow(plan: Foreseen, name: str) -> ForeseenFlow:
    return next(one for one in plan.flows if one.name == name)


def data(plan: Foreseen, name: str) -> dict[str, dict[str, str]]:
    return {step.number: dict(step.data) for step in every_step(flow(plan, name).steps)}


def requests(plan: Foreseen, name: str) -> list[ForeseenRequest]:
    return [step.request for step in every_step(flow(plan, name).steps) if step.request is not None]


def test_flows_stand_in_their_order_with_the_reason_why(home: Path) -> None:
    plan = foreseen(home, "order")
    assert [(one.name, one.selected, one.needed_by, one.wave) for one in plan.flows] == [
        ("register", False, ("login",), 1),
        ("login", False, ("order",), 2),
        ("order", True, (), 3),
    ]
    order = flow(plan, "order")
    assert (order.starts_from, order.needs, order.exclusive) == ("login", ("login",), ("cart",))
    assert [(person.name, person.starts_from) for person in order.people] == [("admin", "login")]


def test_flows_beside_each_other_are_of_one_wave(home: Path) -> None:
    assert {one.name: one.wave for one in foreseen(home).flows if one.wave == 1} == dict.fromkeys(
        ("register", "choose", "charge", "uses-charge"), 1
    )


def test_steps_hold_what_is_known_and_name_what_is_not(home: Path) -> None:
    plan = foreseen(home, "order")
    register = data(plan, "register")
    assert register["02"] == {"with": "smoke+${unique}@example.test"}
    assert register["03"] == {"with": "${secrets.SHOP_PASSWORD}-${totp(secrets.SHOP_SEED)}"}
    order = data(plan, "order")
    assert order["01.01"] == {"with": "light blue"}, "what `use` is given wins over that flow's own"
    assert order["02"] == {"json": "{note: blue for smoke+${unique}@example.test, day: 2026-12-01}"}
    steps = {step.number: step for step in every_step(flow(plan, "order").steps)}
    assert (steps["02"].timeout, steps["02"].saves, steps["03"].person) == (5.0, ("order",), "admin")
    assert steps["04.01"].words == 'visible text "${run.id}"'


def test_addresses_are_whole_as_far_as_they_are_known(home: Path) -> None:
    plan = foreseen(home, "order")
    base = "http://staging.example/shop"
    assert plan.base_url == base
    assert [(one.method, one.url) for one in requests(plan, "login")] == [("GET", f"{base}/login?account=${{account}}")]
    assert [(one.method, one.url, bool(one.objection)) for one in requests(plan, "order")] == [
        ("POST", f"{base}/orders", False),
        ("GET", f"{base}/orders/${{order}}", False),
        ("GET", "https://elsewhere.example/pay", True),
        ("GET", "${order}", False),
    ]
    assert [one.objection for one in plan.stopped] == [
        "allow_hosts does not name elsewhere.example: GET https://elsewhere.example/pay"
    ]


def test_variables_say_where_they_come_from(home: Path) -> None:
    given = {"email": Template("mine@example.test")}
    plan = foreseen(home, "order", variables=given)
    assert {(one.name, one.value, one.origin) for one in flow(plan, "login").variables} == {
        ("email", "mine@example.test", "option"),
        ("account", "${account}", "saved by a needed flow"),
    }
    assert {(one.name, one.value, one.origin) for one in flow(plan, "order").variables} == {
        ("email", "mine@example.test", "option"),
        ("colour", "blue", "flow"),
        ("note", "blue for mine@example.test", "flow"),
    }
    production = foreseen(home, "login", environment="production")
    assert ("email", "real@example.test", "environment") in {
        (one.name, one.value, one.origin) for one in flow(production, "login").variables
    }


def test_production_is_told_with_its_bounds(home: Path) -> None:
    plan = foreseen(home, environment="production")
    assert (plan.production, plan.read_only, plan.mail_links, plan.max_time) == (True, True, "rebase", 600.0)
    assert (plan.hosts, plan.allow_post) == (("shop.example", "pay.example"), ("/search",))
    assert plan.mailbox == "imap mail.example:993"
    assert flow(plan, "order").writes == "only to /search, as this is read_only"
    assert flow(plan, "choose").writes == "to the hosts above, since its effects are none"
    assert "read_only stopped POST https://shop.example/orders" in {one.objection for one in plan.stopped}


def test_what_production_would_skip_says_why(home: Path) -> None:
    plan = foreseen(home, environment="production")
    real = "its effects are real and this is production; --allow-real runs it"
    skipped = {one.name: one.skipped for one in plan.flows if one.skipped}
    assert skipped == {"charge": real, "uses-charge": real, "after-charge": "needs charge, which is skipped"}
    assert flow(plan, "uses-charge").effects == "real", "it does what the other does"
    allowed = foreseen(home, environment="production", allow_real=True)
    assert not any(one.skipped for one in allowed.flows)


def test_attempts_are_only_for_what_may_be_done_twice(home: Path) -> None:
    plan = foreseen(home, retries=2)
    assert {one.name: one.attempts for one in plan.flows if one.attempts == 1} == {"charge": 1, "uses-charge": 1}


def test_every_secret_that_is_used_says_whether_it_has_a_value(home: Path) -> None:
    plan = foreseen(home, "order", environment="production", values={"SHOP_SEED": "JBSWY3DPEHPK3PXPJBSWY3DP"})
    assert [(one.name, one.source, one.has_value) for one in plan.secrets] == [
        ("SHOP_PASSWORD", "PRODUCTION_PASSWORD", False),
        ("SHOP_SEED", "SHOP_SEED", True),
    ]
    assert [one.name for one in plan.missing_secrets] == ["SHOP_PASSWORD"]


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_no_value_of_a_secret_is_in_it(home: Path, environment: str) -> None:
    told = json.dumps(dataclasses.asdict(foreseen(home, environment=environment)))
    assert not [value for value in (*VALUES.values(), "basic-secret") if value in told]


def test_a_shuffled_plan_is_the_order_of_the_run(home: Path) -> None:
    orders = {tuple(one.name for one in foreseen(home, shuffle=str(seed)).flows) for seed in range(9)}
    assert len(orders) > 1
    for names in orders:
        assert names.index("register") < names.index("login") < names.index("order")


def test_bad_input_is_bad_in_a_plan_too(home: Path) -> None:
    with pytest.raises(BadInput, match="is a secret, and a command line can be read by others"):
        foreseen(home, variables={"SHOP_PASSWORD": Template("x")})
