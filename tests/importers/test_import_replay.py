"""What was imported replays green against real pages: one import and one run for each format."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from imported_corpus import CORPUS

from smokerunner.model.outcome import Outcome
from tests.conftest import Smoke

sys.path.append(str(Path(__file__).parents[1] / "site"))

from server import Site

RECORDED_AT = "http://127.0.0.1:8907"
SECRET = "correct horse battery"


@pytest.fixture(scope="module")
def local() -> Iterator[Site]:
    with Site() as running:
        yield running


def copy(name: str, site: Site) -> Path:
    """A file of the corpus as if it had been recorded on this site, in the test's folder."""
    path = Path(Path(name).name)
    path.write_text((CORPUS / name).read_text().replace(RECORDED_AT, site.base_url))
    return path


def without(path: Path, *kinds: str) -> Path:
    """A recording without the steps that no page can pass, here or elsewhere."""
    data = json.loads(path.read_text())
    data["steps"] = [step for step in data["steps"] if not any(kind in json.dumps(step) for kind in kinds)]
    path.write_text(json.dumps(data))
    return path


@pytest.mark.e2e
def test_recordings_of_chrome(smoke: Smoke, local: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_PASSWORD", SECRET)
    files = [copy(f"chrome/{name}.json", local) for name in ("form", "popup", "opened-by-hand", "frames", "several")]
    files += [copy(f"chrome/{name}.json", local) for name in ("scrolling", "keyboard", "slow")]
    files += [
        without(copy("chrome/shadow.json", local), "xpath///shop-card"),
        without(copy("chrome/mouse.json", local), "canvas", "forward"),
        without(copy("chrome/waiting.json", local), "tabIndex", "window.store", '"count": 2, "visible": false'),
    ]
    imported = smoke("import", *files, "--app", "site")
    assert imported.exit_code == 0, imported.err
    assert "Still to do" not in imported.out
    passed(smoke)


@pytest.mark.e2e
def test_flows_of_maestro(smoke: Smoke, local: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORM_PASSWORD", SECRET)
    Path("shared").mkdir()
    for name in ("open", "start"):
        copy(f"maestro/shared/{name}.yaml", local).rename(f"shared/{name}.yaml")
    files = [copy(f"maestro/{name}.yaml", local) for name in ("form", "keyboard", "moving", "selectors", "control")]
    imported = smoke("import", *files, "--app", "site")
    assert imported.exit_code == 0, imported.err
    # What a browser cannot do stands there as a todo; a person takes it out before the flow is run.
    path = Path("flows/site.yaml")
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if "- todo:" not in line))
    passed(
        smoke, "--var", "HEADING=Links",
        but=[
            "type-copy-and-paste 02 warned",  # the role of a search field is another one
            "every-way-to-name-an-element 06 warned",  # the id is a data-testid
            "every-way-to-name-an-element 07 warned",
            "flows-within-flows 04 skipped",  # its `when`
        ],
    )  # fmt: skip


def passed(smoke: Smoke, *options: str, but: Sequence[str] = ()) -> None:
    """Every step of every flow is passed, but for those that are named with their outcome."""
    ran = smoke("run", "flows/site.yaml", "--quiet", "--pictures", "off", "--trace", "off", *options)
    others = {
        f"{flow.name} {step.name} {step.outcome}": f"{step.title}: {step.message} {'; '.join(step.warnings)}"
        for flow in ran.run.results
        for step in flow.steps
        if step.outcome is not Outcome.PASSED
    }
    told = "\n".join(f"{step} {said}" for step, said in others.items())
    assert ran.exit_code == 0, f"{told}\n{ran.err}"
    assert list(others) == list(but), told
