"""A small finished run and the files it names, for the tests of the evidence."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from smokerunner.evidence.folder import Folder
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, Result
from smokerunner.model.run import Run, Tool
from smokerunner.model.secret import Secrets

AT = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
RUN_ID = "acorn-production-20261122T201500Z-7f3a9c"
PASSWORD = 'c0rrect "horse" <böttery> & staple/+='
PICTURE = "flows/login/01-goto-login.png"
CONSOLE = "flows/login/console.jsonl"
TRACE = "flows/login/trace.zip"
SUMMARY = {"summary.md": lambda run, _: f"# {run.verdict}\n"}


def secrets() -> Secrets:
    return Secrets({"SMOKE_PASSWORD": PASSWORD})


def png() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(written, "PNG")
    return written.getvalue()


def zip_of(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return written.getvalue()


def small_run(run_id: str = RUN_ID, message: str = "", app: str = "acorn", started: datetime = AT) -> Run:
    artifacts = (Artifact(kind="picture", path=PICTURE),)
    files = (Artifact(kind="console", path=CONSOLE), Artifact(kind="trace", path=TRACE))
    step = Result(
        id="flows/login/1/01",
        kind="step",
        name="goto",
        outcome=Outcome.PASSED,
        message=message,
        started=started,
        artifacts=artifacts,
    )
    attempt = Result(
        id="flows/login/1",
        kind="attempt",
        name="1",
        outcome=Outcome.PASSED,
        started=started,
        children=(step,),
        artifacts=files,
    )
    flow = Result(
        id="flows/login", kind="flow", name="login", outcome=Outcome.PASSED, started=started, children=(attempt,)
    )
    return Run(
        id=run_id,
        app=app,
        environment="production",
        base_url="https://acorn.test",
        started=started,
        ended=started + timedelta(seconds=41),
        tool=Tool(smokerunner="0.1.0", playwright="1.65", python="3.11", platform="linux"),
        results=(flow,),
    )


def filled(out: Path, run_id: str = RUN_ID) -> Folder:
    """A folder with all that the small run names."""
    folder = Folder.create(out, run_id, secrets())
    folder.write(PICTURE, png())
    folder.append_line(CONSOLE, json.dumps({"level": "log", "text": "ready"}))
    folder.write(TRACE, zip_of({"trace.trace": b'{"type":"context-options"}\n'}))
    return folder
