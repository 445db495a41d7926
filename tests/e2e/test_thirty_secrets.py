"""Thirty secrets of all kinds, told by an app in every place it has, are in no byte of what a run leaves or says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smokerunner.evidence.verify import verify
from tests.e2e.blind_secrets import replay_blind
from tests.e2e.leaky_site import SECRETS, LeakySite, forms_of
from tests.e2e.outcome_site import Replayed, patched, replay, write
from tests.e2e.secret_finder import flat, found_in

pytestmark = [pytest.mark.e2e]


def parts_of(value: str) -> set[str]:
    """Its two halves: whoever tells one of them has told enough."""
    one = flat(value)
    half = len(one) // 2
    return {one[:half], one[half:]} if half >= 6 else {one}


PARTS = {name: parts_of(value) for name, value in SECRETS.items()}

_FLOWS = f"""
  spills:
    steps:
      - goto: /spills
        timeout: 60s
      - expect: {{visible: {{text: spilled}}}}
        timeout: 60s
  packs:
    steps:
      - goto: /packs
        timeout: 60s
      - expect: {{visible: {{text: spilled}}}}
        timeout: 60s
  types:
    steps:
      - goto: /form
{
    "".join(
        f'''      - fill: {{label: {{is: {name}}}}}
        with: ${{secrets.S_{name}}}
        picture: false
'''
        for name in SECRETS
    )
}
      - click: {{button: Send}}
{
    "".join(
        f'''      - expect: {{visible: {{text: "${{secrets.S_{name}}}"}}}}
        timeout: 50ms
        on_failure: warn
        picture: false
      - api: {{post: /taken, json: {{value: "${{secrets.S_{name}}}"}}}}
'''
        for name in SECRETS
    )
}
  misses:
    steps:
      - goto: /names
      - click: {{button: Nowhere}}
        timeout: 300ms
  says:
    steps:
      - goto: /dialog
      - click: {{button: Say}}
        dialog: accept
      - expect: {{title: other}}
        timeout: 100ms
  loads:
    steps:
      - goto: /load
      - click: {{link: Load}}
        download: true
      - expect: {{download: {{name: other}}}}
        timeout: 100ms
  raises:
    steps:
      - goto: /
      - expect: {{url: 'http://[${{secrets.S_PLAIN}}]/'}}
        timeout: 200ms
"""


@pytest.fixture(scope="module")
def site() -> Iterator[LeakySite]:
    with LeakySite() as running:
        yield running


def _written(folder: Path) -> dict[str, str]:
    write(folder, _FLOWS, head=f"secrets: [{', '.join(f'S_{name}' for name in SECRETS)}]")
    return {f"S_{name}": value for name, value in SECRETS.items()}


def places(ran: Replayed) -> dict[str, set[str]]:
    """Which secrets were found where: on the terminal, in the history, and in each file of folder and zip."""
    seen = {"terminal": found_in(f"{ran.out}\n{ran.err}".encode(), PARTS)}
    for path in sorted([*(ran.folder / "evidence").rglob("*"), *(ran.folder / ".smokerunner").rglob("*")]):
        if path.is_file():
            kind = "archive" if path.parent.name == "evidence" else path.name
            found = found_in(path.read_bytes(), PARTS) | found_in(path.name.encode(), PARTS)
            seen[kind] = seen.get(kind, set()) | found
    return {kind: names for kind, names in seen.items() if names}


@pytest.mark.parametrize("name", SECRETS)
def test_the_finder_finds_every_form(name: str) -> None:
    for form in forms_of(SECRETS[name]):
        assert name in found_in(form, PARTS), form[:200]
    assert found_in(b"nothing to see here, " * 20, PARTS) == set()


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["lines", "json"])
def test_thirty_secrets_are_nowhere(site: LeakySite, tmp_path: Path, options: tuple[str, ...]) -> None:
    assert len(SECRETS) == 30
    with patched(_written(tmp_path)):
        ran = replay(tmp_path, site.base_url, "--trace", "on", *options)
    assert places(ran) == {}
    assert verify(ran.bundle) == []
    assert (ran.folder / "evidence" / f"{ran.bundle.name}.zip").exists(), (
        "nothing was left that keeps it from being sent"
    )
    assert {result.kind for result in ran.run.results} == {"flow"}, "nothing had to be left out that no flow names"
    for flow in ran.run.flows:
        trace = next(item for attempt in flow.children for item in attempt.artifacts if item.kind == "trace")
        assert (trace.withheld is not None) == (flow.name == "packs"), (flow.name, trace.withheld)
        assert trace.withheld is None or "so it was left out" in trace.withheld
        said = [warning for result in flow.walk() for warning in result.warnings]
        assert trace.withheld is None or any("trace.zip is not in the evidence" in warning for warning in said)


@pytest.mark.slow
def test_the_same_run_without_masking_shows_them_all(site: LeakySite, tmp_path: Path) -> None:
    with patched(_written(tmp_path)):
        ran = replay_blind(tmp_path, site.base_url)
    seen = places(ran)
    for place in ("trace.zip", "network.har", "console.jsonl", "run.json", "archive", "report.html"):
        assert seen.get(place, set()) == set(SECRETS), (place, set(SECRETS) - seen.get(place, set()))
    for place in ("terminal", "history.sqlite", "junit.xml", "ctrf.json", "summary.md"):
        assert seen.get(place), place
    (packed,) = (path for path in ran.bundle.rglob("trace.zip") if path.parent.name == "packs")
    assert found_in(packed.read_bytes(), PARTS) == set(SECRETS)
