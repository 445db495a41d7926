"""The flows that a recording needs: replayed before it, cleaned up after it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from smokerunner.browser.launch import Engine
from smokerunner.browser.state import SavedState
from smokerunner.evidence.folder import Folder
from smokerunner.model.errors import Inconclusive
from smokerunner.model.event import Listener
from smokerunner.replay.attempting import Left, clean_up, try_flow
from smokerunner.replay.job import Job
from smokerunner.replay.plan import Planned, plan
from smokerunner.replay.stop import Stop
from smokerunner.replay.world import Post, World


class Groundwork:
    """The needed flows of one job. No evidence of them is kept: it is the recording that matters."""

    def __init__(self, job: Job, engine: Engine, post: Post, stop: Stop, emit: Listener) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="smokerunner-")
        self._flows = plan(job.file, job.options.selection)
        self._left: dict[str, Left] = {}
        self._world = World(
            run_id="recording",
            path=job.path,
            file=job.file,
            environment=job.environment,
            base_url=job.base_url,
            options=job.options,
            secrets=job.secrets,
            engine=engine,
            folder=Folder.create(Path(self._scratch.name), "recording", job.secrets),
            post=post,
            stop=stop,
            emit=emit,
            known_console={},
            line_of=job.line_of,
        )

    async def lay(self) -> None:
        """Replay them all in their order. Raises Inconclusive, which names the flow, when one does not pass."""
        for planned in self._flows:
            known = {person: self.state(origin) for person, origin in planned.flow.origins.items()}
            states = {person: state for person, state in known.items() if state is not None}
            attempts, left = await try_flow(self._world, planned, self._inherited(planned), states, keeps_state=True)
            self._left[planned.name] = left
            if not attempts[-1].outcome.is_good:
                said = attempts[-1].message or str(attempts[-1].outcome)
                raise Inconclusive(f"the flow {planned.name} must pass before this one can be recorded: {said}")

    def variables(self, names: tuple[str, ...]) -> dict[str, str]:
        """What these flows have left."""
        found: dict[str, str] = {}
        for name in names:
            found.update(self._left[name].variables)
        return found

    def state(self, name: str | None) -> SavedState | None:
        """The cookies and storage that a flow left."""
        return self._left[name].state if name in self._left else None

    async def clear(self) -> None:
        """Clean up after those that were replayed, the last first."""
        for planned in reversed(self._flows):
            left = self._left.get(planned.name)
            if left is not None and planned.flow.cleanup:
                await clean_up(self._world.undisturbed(), planned, self._inherited(planned), left, 1)
        self._scratch.cleanup()

    def _inherited(self, planned: Planned) -> dict[str, str]:
        return self.variables(tuple(name for name in planned.flow.requires if name in self._left))
