"""What a flow's outcome is in pytest's terms, in real runs with a real browser."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from smokerunner.model.run import Run
from tests.e2e.outcome_site import Site, children, free_port, wait_until

pytestmark = pytest.mark.e2e

FLOWS = """
app: site
flows:
  home:
    severity: critical
    steps:
      - goto: /
      - expect: {visible: {heading: Home}}
  broken:
    needs: home
    tags: [bad]
    timeout: 500ms
    steps:
      - goto: /done
        picture: false
      - expect: {visible: {heading: Nowhere}}
  after-broken:
    needs: broken
    steps: [{goto: /done}]
  warned:
    steps:
      - goto: /done
      - expect: {visible: {heading: Nowhere}}
        timeout: 200ms
        on_failure: warn
  elsewhere:
    steps:
      - goto: ELSEWHERE/done
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def project(pytester: pytest.Pytester, site: Site) -> pytest.Pytester:
    folder = pytester.mkdir("flows")
    (folder / "site.yaml").write_text(FLOWS.replace("ELSEWHERE", site.elsewhere))
    pytester.makeini(f"[pytest]\naddopts = --strict-markers --strict-config\nsmoke_base_url = {site.base_url}\n")
    return pytester


def bundles(pytester: pytest.Pytester) -> list[Path]:
    return sorted(path.parent for path in (pytester.path / "evidence").glob("*/run.json"))


def flows_of(bundle: Path) -> set[str]:
    return {flow.name for flow in Run.model_validate_json((bundle / "run.json").read_text()).flows}


def test_every_outcome_has_its_place(project: pytest.Pytester) -> None:
    ran = project.runpytest_subprocess("-rA", "--junitxml=junit.xml")
    ran.assert_outcomes(passed=2, failed=1, skipped=1, errors=1, warnings=1)
    said = ran.stdout.str()
    assert re.search(r"^PASSED flows/site.yaml::home$", said, re.MULTILINE)
    assert re.search(r"^FAILED flows/site.yaml::broken - .*Nowhere", said, re.MULTILINE)
    assert re.search(r"^SKIPPED \[1\] flows/site.yaml:17: needs broken, which failed$", said, re.MULTILINE)
    assert re.search(r"^ERROR flows/site.yaml::elsewhere - inconclusive: ", said, re.MULTILINE)
    assert "SmokeWarning: warned: step 2" in said
    (bundle,) = bundles(project)
    assert flows_of(bundle) == {"home", "broken", "after-broken", "warned", "elsewhere"}
    for part in (
        "step          02, expect",
        "flow file     flows/site.yaml:16",
        f"evidence      evidence/{bundle.name}",
    ):
        assert part in said
    assert "Traceback" not in said
    cases = {case.get("name"): case for case in ET.parse(project.path / "junit.xml").iter("testcase")}
    properties = {item.get("name"): item.get("value") for item in cases["home"].iter("property")}
    assert properties == {
        "smoke_bundle": f"evidence/{bundle.name}",
        "smoke_outcome": "passed",
        "smoke_severity": "critical",
    }
    assert cases["elsewhere"].find("error") is not None
    assert cases["elsewhere"].find("failure") is None
    assert cases["broken"].find("failure") is not None


def test_only_what_is_selected_runs_and_it_tells_of_what_it_needs(project: pytest.Pytester) -> None:
    ran = project.runpytest_subprocess("-k", "after-broken", "--smoke-out", "elsewhere")
    # Nobody else would tell that broken is broken.
    ran.assert_outcomes(failed=1, deselected=4)
    ran.stdout.fnmatch_lines(["needs broken, which failed:", "FAILED        broken*"])
    (bundle,) = (path.parent for path in (project.path / "elsewhere").glob("*/run.json"))
    assert flows_of(bundle) == {"home", "broken", "after-broken"}


def test_it_stops_at_the_first_failure_and_begins_with_it_again(project: pytest.Pytester) -> None:
    ran = project.runpytest_subprocess("-x", "--smoke-workers", "1")
    assert ran.ret == pytest.ExitCode.TESTS_FAILED
    ran.assert_outcomes(passed=1, failed=1)
    (bundle,) = bundles(project)
    assert Run.model_validate_json((bundle / "run.json").read_text()).options["fail-fast"] == "yes"
    ran = project.runpytest_subprocess("--lf")
    ran.assert_outcomes(failed=1)
    ran = project.runpytest_subprocess("--maxfail=2", "-k", "not warned")
    ran.assert_outcomes(passed=1, failed=1, skipped=1, errors=1)


def test_a_warning_can_be_made_a_failure(project: pytest.Pytester) -> None:
    ran = project.runpytest_subprocess("-k", "warned", "--smoke-fail-on-warned")
    ran.assert_outcomes(failed=1, deselected=4)
    ran.stdout.fnmatch_lines(["warned: step 2:*Nowhere*"])


@pytest.mark.parametrize(("dist", "runs"), [("loadfile", 1), ("load", 2)])
def test_workers_share_a_run_where_they_get_a_whole_file(project: pytest.Pytester, dist: str, runs: int) -> None:
    ran = project.runpytest_subprocess("-n", "2", "--dist", dist, "-k", "home or broken and not after")
    ran.assert_outcomes(passed=1, failed=1)
    assert len(bundles(project)) == runs
    assert ran.stdout.str().count("evidence/site-local-") >= runs


def test_an_app_that_is_not_there_fails_every_flow(project: pytest.Pytester) -> None:
    ran = project.runpytest_subprocess("--smoke-base-url", f"http://127.0.0.1:{free_port()}", "-k", "home or warned")
    ran.assert_outcomes(failed=2, deselected=3)
    ran.stdout.fnmatch_lines(["app not reachable:", "FAILED flows/site.yaml::home - app not reachable: *"])


def test_what_keeps_flows_from_running_is_an_error(project: pytest.Pytester) -> None:
    path = project.path / "flows" / "site.yaml"
    path.write_text(
        path.read_text()
        .replace("app: site", "app: site\nsecrets: [NO_SUCH_SECRET]", 1)
        .replace("- goto: /done", "- goto: /done?${secrets.NO_SUCH_SECRET}")
    )
    ran = project.runpytest_subprocess("-k", "broken")
    ran.assert_outcomes(errors=2, deselected=3)
    ran.stdout.fnmatch_lines(["flows/site.yaml:3:11: secrets: NO_SUCH_SECRET has no value; set $NO_SUCH_SECRET*"])
    assert bundles(project) == []


def test_a_project_starts_its_app_in_a_fixture(project: pytest.Pytester, site: Site) -> None:
    project.makeini("[pytest]\nfilterwarnings = error\n")
    project.makeconftest(
        f"""
        import asyncio, dataclasses, pytest

        @pytest.fixture(scope="module", autouse=True)
        def of_every_module():
            yield

        @pytest.fixture(scope="session")
        def smoke_options(smoke_options):
            yield dataclasses.replace(smoke_options, base_url={{"site": {site.base_url!r}}}, pictures="off")
        """
    )
    project.makepyfile(
        """
        import asyncio

        def test_home(smoke_run):
            home = smoke_run("flows/site.yaml", "home")
            assert home.outcome == "passed"
            assert (home.bundle / "report.html").is_file()

        def test_loop(smoke_run):
            async def within():
                return smoke_run("flows/site.yaml", "home", workers=1)
            assert asyncio.run(within()).outcome == "passed"

        def test_broken(smoke_run):
            assert smoke_run("flows/site.yaml", "broken").outcome == "passed"

        def test_unknown(smoke_run):
            smoke_run("flows/site.yaml", "hom")
        """
    )
    ran = project.runpytest_subprocess("-k", "home or test_")
    ran.assert_outcomes(passed=3, failed=2, deselected=4)
    ran.stdout.fnmatch_lines(
        ["*Captured smoke flow broken call*", "FAILED        broken*", "*no flow called 'hom', did you mean 'home'?"]
    )


def test_an_interrupt_leaves_a_whole_bundle(project: pytest.Pytester, site: Site) -> None:
    (project.path / "flows" / "site.yaml").write_text("app: site\nflows:\n  slow:\n    steps: [{goto: /slow}]\n")
    command = [sys.executable, "-m", "pytest"]
    running = subprocess.Popen(command, cwd=project.path, stdout=subprocess.PIPE, text=True, env={**os.environ})
    asked = len(site.asked_for("/slow"))
    wait_until(lambda: len(site.asked_for("/slow")) > asked)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=30)
    assert running.returncode == pytest.ExitCode.INTERRUPTED
    assert "KeyboardInterrupt" in said
    assert children(running.pid) == []
    (bundle,) = bundles(project)
    assert Run.model_validate_json((bundle / "run.json").read_text()).interrupted
