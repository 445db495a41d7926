"""`smokerunner run --plan`: what it prints, that it asks and writes nothing, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smokerunner.history.history import History
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run, Tool
from tests.conftest import Smoke
from tests.e2e.outcome_site import Site

PASSWORD = "correct horse battery"
FLOWS = """
app: shop
secrets: [SHOP_PASSWORD]
variables: {email: "smoke+${unique}@example.test"}
flows:
  login:
    title: Somebody logs in [really]
    effects: none
    steps:
      - goto: /login
      - fill: {label: Email}
        with: ${email}
      - fill: {label: Password}
        with: ${secrets.SHOP_PASSWORD}
      - click: {button: Log in}
  order:
    starts_from: login
    effects: real
    steps:
      - goto: /order
      - upload: {label: Letter}
        with: letter.txt
      - api: {post: /orders, form: {email: "${email}"}}
    cleanup:
      - api: {delete: /orders}
"""


@pytest.fixture
def site(home: Path) -> Iterator[Site]:
    with Site() as running:
        (home / "flows").mkdir()
        (home / "flows" / "shop.yaml").write_text(FLOWS)
        (home / "flows" / "letter.txt").write_text("Dear shop,")
        (home / "smokerunner.yaml").write_text(
            "apps:\n  shop:\n    environments:\n"
            f"      live: {{base_url: '{running.base_url}', production: yes, connectivity: ['{running.base_url}']}}\n"
        )
        yield running


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)


def files(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*")}


def test_it_tells_everything_and_does_nothing(smoke: Smoke, site: Site, password: None, home: Path) -> None:
    before = files(home)
    ran = smoke("run", "--plan", "--env", "live")
    assert (ran.exit_code, ran.err) == (0, "")
    for said in (
        f"shop on live  {site.base_url}",
        "production",
        "127.0.0.1",
        "SHOP_PASSWORD  has a value, from $SHOP_PASSWORD",
        "Somebody logs in [really]",
        "selected · wave 1 · high · effects none",
        "with: smoke+${unique}@example.test",
        "with: ${secrets.SHOP_PASSWORD}",
        f"→ GET {site.base_url}/login",
        "skipped: its effects are real and this is production; --allow-real runs it",
        "uploads letter.txt",
        f"→ POST {site.base_url}/orders; form: {{email:",
        "cleanup, whatever happens",
        f"→ DELETE {site.base_url}/orders",
        "1 flow would run, 1 would be skipped",
    ):
        assert said in ran.out, ran.out
    assert PASSWORD not in ran.out
    assert site.seen == [], "nobody was asked"
    assert files(home) == before, "nothing was written"
    assert not [line for line in ran.out.splitlines() if line != line.rstrip()]


def test_json_is_one_document(smoke: Smoke, site: Site, password: None) -> None:
    ran = smoke("run", "--plan", "--json", "--env", "live", "--flow", "login")
    told = json.loads(ran.out)
    assert ran.exit_code == 0
    (plan,) = told["plans"]
    assert [flow["name"] for flow in plan["flows"]] == ["login"]
    assert plan["flows"][0]["steps"][1]["data"] == [["with", "smoke+${unique}@example.test"]]
    assert (plan["secrets"], told["missing_secrets"]) == (
        [{"name": "SHOP_PASSWORD", "source": "SHOP_PASSWORD", "has_value": True}],
        [],
    )
    assert PASSWORD not in ran.out
    assert site.seen == []


def test_a_missing_secret_is_told_with_all_the_rest(smoke: Smoke, site: Site) -> None:
    ran = smoke("run", "--plan", "--env", "live")
    assert ran.exit_code == 2
    assert "SHOP_PASSWORD  has NO value; set $SHOP_PASSWORD" in ran.out
    assert f"→ GET {site.base_url}/login" in ran.out
    assert ran.err == "secrets: SHOP_PASSWORD has no value; set $SHOP_PASSWORD in the environment or in .env\n"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--flow", "ordr"), "no flow called 'ordr', did you mean 'order'?"),
        (("--env", "life"), "did you mean 'live'?"),
        (("--base-url", "nowhere"), "is not an address"),
        (("--var", "email"), "write it as name=value"),
    ],
)
def test_bad_input_ends_a_plan_as_it_ends_a_run(
    smoke: Smoke, site: Site, password: None, options: tuple[str, ...], says: str
) -> None:
    planned = smoke("run", "--plan", *options)
    assert (planned.exit_code, planned.out) == (2, "")
    assert says in planned.err
    assert smoke("run", *options).err == planned.err


def test_the_other_options_count(smoke: Smoke, site: Site, password: None) -> None:
    ran = smoke(
        "run", "--plan", "--base-url", "https://other.example/x", "--flow", "order", "--allow-real",
        "--var", "email=me@example.test", "--workers", "3", "--max-time", "5m",
    )  # fmt: skip
    assert ran.exit_code == 0
    assert "shop on " in ran.out
    assert "→ GET https://other.example/x/order" in ran.out
    assert "with: me@example.test" in ran.out
    assert "needed by order" in ran.out
    assert "3 flows at a time, ends after 5 m 00 s" in ran.out
    assert "2 flows would run" in ran.out
    repeated = smoke("run", "--plan", "--flow", "login", "--repeat", "4")
    assert "everything 4 times" in repeated.out
    assert " would run, 4 times" in repeated.out


def test_flows_stand_in_the_order_in_which_they_will_begin(
    smoke: Smoke, site: Site, password: None, home: Path
) -> None:
    step = "steps: [{goto: /}]"
    flows = f"  quick: {{{step}}}\n  slow: {{{step}}}\n  before: {{{step}}}\n  after: {{needs: before, {step}}}\n"
    (home / "flows" / "shop.yaml").write_text(f"app: shop\nflows:\n{flows}")
    path = home / ".smokerunner" / "history.sqlite"
    History.open(path).record(remembered(quick=1.0, slow=62.5, before=3.0, after=70.0))

    def begun(*options: str) -> tuple[list[str], str]:
        ran = smoke("run", "--plan", "--env", "live", *options)
        assert ran.exit_code == 0
        names = [line.split()[0] for line in ran.out.splitlines() if line[:1].isalpha()]
        return [name for name in names if name in ("quick", "slow", "before", "after")], ran.out

    order, told = begun("--workers", "2")
    assert order == ["before", "after", "slow", "quick"]
    assert "2 flows at a time, those first that take longest" in told
    assert "took 1 m 02 s of late" in told
    before = path.read_bytes()
    for options in (("--workers", "1"), ("--workers", "2", "--no-history")):
        order, told = begun(*options)
        assert order == ["quick", "slow", "before", "after"]
        assert "longest" not in told
    assert path.read_bytes() == before
    path.write_bytes(b"this is no history")
    assert begun("--workers", "2")[0] == ["quick", "slow", "before", "after"]


def remembered(**seconds: float) -> Run:
    """A run in which these flows passed."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    flows = tuple(
        Result(id=f"flows/{name}", kind="flow", name=name, outcome=Outcome.PASSED, started=at, seconds=taken)
        for name, taken in seconds.items()
    )
    tool = Tool(smokerunner="0.1.0", playwright="1.65", python="3.11", platform="linux")
    return Run(id="shop-live-1", app="shop", environment="live", started=at, ended=at, tool=tool, results=flows)
