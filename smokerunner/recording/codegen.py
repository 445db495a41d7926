"""Recording by Playwright's own program, for a Playwright whose recorder cannot be used in process."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from smokerunner.authoring.tidy import Known, tidy
from smokerunner.importers.playwright_codegen import PlaywrightCodegen
from smokerunner.model.errors import Unavailable
from smokerunner.recording.journal import Recording
from smokerunner.recording.session import Task
from smokerunner.replay.stop import Stop, Stopped


async def record_by_codegen(task: Task, stop: Stop) -> Recording:
    """Run `playwright codegen --target=jsonl` until its window is closed, and read what it wrote.

    It cannot run the flows that are needed first, read mail, or see what an act brought about.
    """
    with tempfile.TemporaryDirectory(prefix="smokerunner-") as folder:
        path = Path(folder) / "recorded.jsonl"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "playwright", "codegen", "--target=jsonl", "-o", str(path)),
            f"--viewport-size={task.viewport[0]},{task.viewport[1]}",
            task.start,
            env={**os.environ, "PWTEST_CLI_EXECUTABLE_PATH": str(task.binary.path)},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        said = b""
        try:
            _, said = await stop.unless(process.communicate())
        except Stopped:
            # It is a script that runs the driver; only both together end.
            os.killpg(process.pid, signal.SIGTERM)
            await process.wait()
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
        text = path.read_text("utf-8") if path.is_file() else ""
        if not text.strip():
            raise Unavailable(f"playwright codegen recorded nothing: {said.decode(errors='replace').strip()[-300:]}")
        imported = PlaywrightCodegen().read(text, str(path))
    draft = replace(imported.drafts[0], name=task.flow, title=task.title, base_url=task.base_url)
    return Recording(tidy(draft, Known(task.app, {}, task.secrets)))
