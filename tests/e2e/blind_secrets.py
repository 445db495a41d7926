"""A run whose engine does not know what must not be seen, so that a finder can prove that it finds."""

from __future__ import annotations

import contextlib
import io
import time
from dataclasses import replace
from pathlib import Path

from smokerunner.browser.binary import require
from smokerunner.cli.drawing import artist
from smokerunner.cli.options import history_path
from smokerunner.cli.replaying import replay_all
from smokerunner.language.environment import load_config
from smokerunner.language.load import load_all
from smokerunner.model.secret import Secrets
from smokerunner.replay.options import Options
from smokerunner.replay.preparing import prepare
from tests.e2e.outcome_site import Replayed


class Blind(Secrets):
    """Has the values and hides none."""

    def scrub(self, text: str) -> str:
        return text

    def scrub_bytes(self, data: bytes) -> bytes:
        return data

    def reveals(self, text: str) -> bool:
        return False

    def found_in(self, data: bytes) -> bool:
        return False

    @property
    def are_searched(self) -> bool:
        return False

    @property
    def raw(self) -> tuple[str, ...]:
        return ()


def replay_blind(folder: Path, base_url: str, *, as_json: bool = False) -> Replayed:
    """Replay the folder's one flow file with traces, as `smokerunner run` does, masking nothing."""
    out, err = io.StringIO(), io.StringIO()
    began = time.monotonic()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        settings = load_config(Path("smokerunner.yaml")) if Path("smokerunner.yaml").exists() else None
        (loaded,) = load_all([Path("flows")], given=frozenset())
        options = Options(trace="on", history=history_path())
        job = prepare(loaded, settings, options, binary=require(), base_url=base_url)
        known = {name: job.secrets.value(name) for name in job.secrets.names}
        code = replay_all([replace(job, secrets=Blind(known))], artist(quiet=False, as_json=as_json))
    return Replayed(code, out.getvalue(), err.getvalue(), folder, time.monotonic() - began)
