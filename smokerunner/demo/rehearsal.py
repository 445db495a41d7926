"""The healthy shop, replayed and approved, so that a bad deploy that only eyes notice has something to differ from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from smokerunner.browser.binary import Binary
from smokerunner.demo.deploy import Deploy
from smokerunner.demo.faults import FAULTS
from smokerunner.model.errors import Unavailable
from smokerunner.pictures.reference import References
from smokerunner.replay.conducting import conduct
from smokerunner.replay.options import Options
from smokerunner.replay.preparing import Lookup
from smokerunner.replay.stop import Stop
from smokerunner.review.approving import Approver, approve_bundles, open_proven

APP = "acorn"


@contextmanager
def compared(options: Options, binary: Binary, faults: Iterable[str], say: Callable[[str], None]) -> Iterator[Options]:
    """The options with approved pictures when a fault is one that only eyes notice, if there are none yet.

    They lie in a folder that is gone afterwards. Other faults need none.
    """
    known = options.screenshots is not None and (options.screenshots / APP).is_dir()
    if known or not any(FAULTS[name].only_eyes for name in faults):
        yield options
        return
    with TemporaryDirectory(prefix="smokerunner-approved-") as folder:
        screenshots = Path(folder)
        say("only eyes notice this fault, so the healthy shop is replayed first, to have approved pictures")
        rehearse(options, binary, screenshots)
        yield replace(options, screenshots=screenshots)


def rehearse(options: Options, binary: Binary, screenshots: Path, lookup: Lookup | None = None) -> int:
    """Replay the healthy shop and put its approved pictures into `screenshots`; how many there are.

    No evidence and no history stays. Raises Unavailable when the healthy shop does not pass.
    """
    with TemporaryDirectory(prefix="smokerunner-rehearsal-") as folder, Deploy() as deploy:
        quiet = replace(options, out=Path(folder), history=None, trace="off", pictures="on", screenshots=None)
        concluded = asyncio.run(conduct(deploy.job(quiet, binary, lookup), lambda _: None, Stop()))
        if not concluded.run.outcome.is_good:
            raise Unavailable(f"the healthy demo app did not pass here, it was {concluded.run.outcome}")
        return len(approve_bundles([open_proven(concluded.sealed.path)], Approver(References(screenshots))))
