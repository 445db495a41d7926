"""--report on run and report, without a browser: the app of these flows cannot be reached."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from smokerunner.cli.reporting import Reporting, Told
from tests.conftest import Ran, Smoke

FLOW = """\
app: {app}
base_url: http://127.0.0.1:9
flows:
  login:
    steps:
      - goto: /login
"""


@pytest.fixture
def flows(home: Path) -> Path:
    (home / "flows").mkdir()
    (home / "flows" / "shop.yaml").write_text(FLOW.format(app="shop"))
    return home / "flows"


@pytest.fixture
def ran(smoke: Smoke, flows: Path) -> Ran:
    done = smoke("run", "--no-history", "--quiet")
    assert done.exit_code == 1, done
    return done


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--report", "junt"],
            "--report: no report called 'junt', did you mean 'junit'? "
            "There are html, junit, ctrf, markdown, github, text",
        ),
        (
            ["--report", "zzz=x"],
            "--report: no report called 'zzz'; there are html, junit, ctrf, markdown, github, text",
        ),
        (["--report", "junit="], "--report junit=: name a file after the ="),
        (["--report", "text=flows"], "--report text=flows: flows is a folder; name a file in it"),
        (["--report", "text=a", "--report", "html=a"], "--report: two reports would be written to a"),
        (
            ["--json", "--report", "text"],
            "--report text: --json has standard output for itself; write --report text=FILE",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_runs(
    smoke: Smoke, flows: Path, arguments: list[str], said: str
) -> None:
    done = smoke("run", "--no-history", *arguments)
    assert (done.exit_code, done.err.strip()) == (2, said)
    assert done.bundles == []


def test_reports_are_printed_and_written_after_the_run(smoke: Smoke, flows: Path) -> None:
    done = smoke(
        "run", "--no-history", "--quiet", "--report", "github", "--report", "text", "--report", "junit=out/of/it.xml"
    )  # fmt: skip
    assert done.exit_code == 1
    assert f"open          evidence/{done.bundle.name}/report.html" in done.out
    lines = [line for line in done.out.splitlines() if line.startswith("::")]
    assert lines[0].startswith("::error title=app reachable failed")
    assert done.out.index("::error") < done.out.rindex("ROLL BACK: shop")
    root = Xml.parse(done.folder / "out" / "of" / "it.xml").getroot()
    assert root.get("name") == done.bundle.name
    for name in ("report.html", "junit.xml", "ctrf.json", "summary.md"):
        assert (done.bundle / name).is_file()
    assert smoke("verify", done.bundle).exit_code == 0


def test_json_goes_well_with_reports_in_files(smoke: Smoke, flows: Path) -> None:
    done = smoke("run", "--no-history", "--json", "--report", "text=told.txt")
    assert all(line.startswith("{") for line in done.out.splitlines())
    assert (done.folder / "told.txt").read_text().startswith("ROLL BACK: shop on local")


def test_a_file_that_cannot_be_written_loses_nothing_else(smoke: Smoke, flows: Path) -> None:
    done = smoke("run", "--no-history", "--quiet", "--report", "junit=flows/shop.yaml/x.xml", "--report", "text=t.txt")
    # The app is wrong, which outweighs it.
    assert done.exit_code == 1
    assert "error: --report junit: cannot write flows/shop.yaml/x.xml: " in done.err
    assert (done.folder / "t.txt").is_file()
    assert smoke("verify", done.bundle).exit_code == 0
    again = smoke("report", done.bundle, "--report", "text=flows/shop.yaml/x.txt")
    assert (again.exit_code, again.err.count("error: ")) == (3, 1)


def test_each_app_has_its_own_file(smoke: Smoke, flows: Path) -> None:
    (flows / "blog.yaml").write_text(FLOW.format(app="blog"))
    refused = smoke("run", "--no-history", "--report", "junit=out/junit.xml")
    assert refused.exit_code == 2
    assert "2 apps are run, and each needs a file of its own; write junit=out/junit-{app}.xml" in refused.err
    assert refused.bundles == []
    done = smoke(
        "run", "--no-history", "--quiet", "--report", "junit=out/{app}.xml", "--report", "markdown=all.md"
    )  # fmt: skip
    assert sorted(path.name for path in (done.folder / "out").iterdir()) == ["blog.xml", "shop.xml"]
    text = (done.folder / "all.md").read_text()
    assert [line for line in text.splitlines() if line.startswith("# ")] == [
        "# ❌ Roll back: blog on local",
        "# ❌ Roll back: shop on local",
    ]


def test_the_summary_of_a_github_job_is_added_to(smoke: Smoke, ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    summary, other = ran.folder / "summary", ran.folder / "other"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    for path in (summary, other):
        path.write_text("# Before\n")
        assert smoke("report", ran.bundle, "--report", f"markdown={path}").exit_code == 0
    assert summary.read_text().startswith("# Before\n\n# ❌ Roll back")
    assert other.read_text().startswith("# ❌ Roll back")


def test_links_lead_to_where_the_evidence_can_be_seen(smoke: Smoke, ran: Ran) -> None:
    base = "https://ci.example/job/7/artifacts/evidence/"
    out = smoke("report", ran.bundle, "--report", "markdown", "--link-base", base).out
    assert f"[report.html](<{base}{ran.bundle.name}/report.html>)" in out
    assert f"Report: `evidence/{ran.bundle.name}/report.html`" in smoke(
        "report", ran.bundle, "--report", "markdown"
    ).out  # fmt: skip


def test_report_prints_or_writes_only_what_is_asked_for(smoke: Smoke, ran: Ran) -> None:
    archive = ran.bundle.with_suffix(".zip")
    out = smoke("report", archive, "--report", "text").out
    assert out.startswith("ROLL BACK: shop")
    assert out.endswith(f"open          {ran.bundle.name}/report.html\n")
    assert not list(ran.folder.rglob("*-report"))
    both = smoke("report", archive, "--report", "text", "--to", "again")
    assert (ran.folder / "again" / "report.html").is_file()
    assert "ROLL BACK: shop" in both.out
    inside = smoke("report", ran.bundle, "--report", f"text={ran.bundle}/mine.txt")
    assert inside.exit_code == 2
    assert "is inside the bundle, which is sealed" in inside.err
    assert smoke("report", ran.bundle, "--report", "texd").exit_code == 2


def test_that_nobody_reads_the_output_changes_no_verdict(ran: Ran) -> None:
    words = [sys.executable, "-m", "smokerunner", "run", "--no-history", "--report", "text"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ran.folder) as started:
        assert started.stdout is not None
        started.stdout.close()
        assert started.wait(60) == 1


def test_no_secret_is_in_a_report_even_if_the_run_held_one(ran: Ran) -> None:
    run = ran.run.model_copy(update={"base_url": "http://s3cret-words.example"})
    shown: list[str] = []
    told = Told(run, lambda _: None, "x", lambda text: text.replace("s3cret-words", "***"))
    assert Reporting.of(["text"]).deliver([told], shown.append) == []
    assert "http://***.example" in shown[0]


def test_a_device_is_written_to_and_stays_one(smoke: Smoke, ran: Ran) -> None:
    pipe = ran.folder / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen([shutil.which("cat") or "cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        assert smoke("report", ran.bundle, "--report", f"text={pipe}").exit_code == 0
        out, _ = reader.communicate(timeout=20)
    assert out.startswith("ROLL BACK: shop")
    assert pipe.is_fifo()


def test_causes_named_anew_say_which_are_others_than_before(smoke: Smoke, ran: Ran) -> None:
    said = smoke("report", ran.bundle, "--rediagnose", "--report", "text")
    assert said.exit_code == 0, said
    assert said.err == "every result has the same first cause as before\n"
    older = ran.bundle / "run.json"
    older.chmod(0o644)
    older.write_text(older.read_text().replace('"not-reachable"', '"not-as-expected"'))
    said = smoke("report", ran.bundle, "--rediagnose", "--report", "text")
    assert said.err == "reach: not-reachable, before not-as-expected\n"
