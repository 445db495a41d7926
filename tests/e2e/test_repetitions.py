"""`run --repeat` and `--shuffle`: the same flows side by side, each time with accounts of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smokerunner.history.history import History
from smokerunner.model.run import Run
from tests.conftest import Smoke
from tests.site.server import Site

pytestmark = pytest.mark.e2e

FLOWS = """
app: shop
base_url: {url}
flows:
  register:
    variables: {{account: 'robin-${{unique}}'}}
    steps:
      - api: {{post: '/api/echo?made=${{account}}'}}
      - goto: /plain
        save: {{place: url}}
    cleanup:
      - api: {{delete: '/api/echo?made=${{account}}'}}
  login:
    needs: register
    steps:
      - api: {{get: '/api/echo?as=${{account}}'}}
        answer: {{json: {{$.query.as: '${{account}}'}}}}
  flaky:
    steps:
      - goto: /counter/{name}
      - expect:
          text_of: {{of: {{test_id: state}}, reads: ready}}
        timeout: 100ms
  paid:
    effects: real
    steps: [{{goto: /plain}}]
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def repeated(site: Site, smoke: Smoke, tmp_path: Path) -> Smoke:
    path = tmp_path / "shop.yaml"
    path.write_text(FLOWS.format(url=site.base_url, name=tmp_path.name))
    return lambda *more: smoke("run", path, "--pictures", "off", *more)


def test_each_repetition_has_accounts_and_evidence_of_its_own(site: Site, repeated: Smoke) -> None:
    before = site.seen["POST /api/echo"], site.seen["DELETE /api/echo"]
    ran = repeated("--flow", "login", "--repeat", "3")

    assert ran.exit_code == 0, ran.out
    run: Run = ran.run
    assert [flow.name for flow in run.flows] == ["register", "register~2", "register~3", "login", "login~2", "login~3"]
    assert {flow.id for flow in run.flows} == {f"flows/{flow.name}" for flow in run.flows}
    assert (site.seen["POST /api/echo"], site.seen["DELETE /api/echo"]) == (before[0] + 3, before[1] + 3)
    # A step's line in the flow file is the same in every repetition.
    lines = {tuple(step.source for step in flow.steps) for flow in run.flows if flow.flow_name == "login"}
    assert len(lines) == 1
    assert all(lines.pop())
    assert (ran.bundle / "flows" / "login~2" / "network.har").is_file()
    assert run.options["repeat"] == "3"
    assert "login     3 of 3 good" in ran.out


def test_what_is_not_always_good_is_counted_and_told_once_to_the_history(repeated: Smoke, tmp_path: Path) -> None:
    ran = repeated("--flow", "flaky", "--repeat", "4", "--workers", "1")

    assert ran.exit_code == 1
    run: Run = ran.run
    assert [(one.flow, one.good, one.times) for one in run.repeated] == [("flaky", 2, 4)]
    assert "flaky  2 of 4 good" in ran.out
    assert "| flaky | 2 of 4 |" in (ran.bundle / "summary.md").read_text()
    history = History.open(next(tmp_path.rglob("history.sqlite*")))
    assert [(row.name, str(row.outcome)) for row in history.flow_history("shop", "flaky")] == [("flaky", "failed")]


def test_a_seed_is_named_and_repeats_its_order(repeated: Smoke) -> None:
    def order(*more: str) -> tuple[list[str], str]:
        ran = repeated("--flow", "login", "--repeat", "6", *more)
        run: Run = ran.run
        first = sorted(run.flows, key=lambda flow: flow.started)
        return [flow.name for flow in first], run.options["shuffle"]

    mixed, seed = order("--shuffle", "--workers", "1")
    again, same = order(f"--shuffle={seed}", "--workers", "1")
    other, _ = order("--shuffle=another seed", "--workers", "1")

    assert seed == same
    assert mixed == again
    assert mixed != other
    place = {name: index for index, name in enumerate(mixed)}
    assert all(place[name.replace("login", "register")] < place[name] for name in mixed if name.startswith("login"))


def test_what_may_not_be_done_twice_is_not_repeated(repeated: Smoke, tmp_path: Path) -> None:
    ran = repeated("--repeat", "2")

    assert ran.exit_code == 2
    said = f"{tmp_path}/shop.yaml:24:3: paid may not be done twice (its effects are real, or it says"
    assert said in ran.err
    assert not (tmp_path / "evidence").exists()
