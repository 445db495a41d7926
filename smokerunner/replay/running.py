"""A whole run: flows in parallel as their order allows, cleanup when nobody needs the data any more."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from smokerunner.browser.state import SavedState
from smokerunner.diagnosis.diagnosing import diagnose
from smokerunner.model.event import FlowEnded
from smokerunner.model.outcome import Outcome, worst
from smokerunner.model.result import Result
from smokerunner.replay.attempting import Left, clean_up, try_flow
from smokerunner.replay.concluding import flow_result, skipped_flow
from smokerunner.replay.effects import refused
from smokerunner.replay.line import Line
from smokerunner.replay.order import in_turn
from smokerunner.replay.plan import Planned
from smokerunner.replay.world import World


class Running:
    """The flows of one plan. `ended` hears of each as soon as nothing about it can change."""

    def __init__(self, world: World, flows: tuple[Planned, ...], ended: Callable[[Result], None]) -> None:
        self._world = world
        self._heard = ended
        self._flows = {planned.name: planned for planned in flows}
        seed, usual = world.options.shuffle, world.usual_seconds
        self._line = Line(in_turn(flows, usual, workers=world.workers, seed=seed), world.workers)
        self._group = asyncio.TaskGroup()
        self._tried: dict[str, tuple[list[Result], Left]] = {}
        self._ended: dict[str, asyncio.Future[Result]] = {}

    async def results(self) -> tuple[Result, ...]:
        """Run them all; the results in the order of the plan. Nothing that a flow does ends the others."""
        loop = asyncio.get_running_loop()
        self._ended = {name: loop.create_future() for name in self._flows}
        async with self._group:
            self._arrive(self._line.at_once())
        return tuple(self._ended[name].result() for name in self._flows)

    def _arrive(self, flows: Iterable[Planned]) -> None:
        """Line up flows that need wait for no other any more; those that cannot run are skipped at once."""
        arriving = deque(flows)
        while arriving:
            planned = arriving.popleft()
            reason, root = self._obstacle(planned)
            if reason is None:
                self._line.join(planned, partial(self._begin, planned))
                continue
            result = skipped_flow(self._world, planned, self._world.secrets.scrub(reason), root)
            arriving += self._have_tried(planned, [result], Left())
            self._end(planned, result)
        self._line.advance()

    def _begin(self, planned: Planned, worker: int) -> None:
        self._group.create_task(self._flow(planned, worker))

    async def _flow(self, planned: Planned, worker: int) -> None:
        world = self._world
        cleanup: Result | None = None
        dependents = [self._ended[name] for name in self._dependents(planned.name)]
        started = world.clock.now()
        attempts, left = await self._try(planned)
        skipped = None if attempts else skipped_flow(world, planned, world.stop.reason or "", None)
        self._arrive(self._have_tried(planned, [skipped] if skipped else attempts, left))
        # At once, so that whoever waits for its account finds it clean.
        if attempts and not dependents:
            cleanup = await self._cleanup(planned, left, len(attempts), worker)
        self._leave(planned, worker)
        if skipped:
            self._end(planned, skipped)
            return
        if dependents and planned.flow.cleanup:
            await asyncio.wait(dependents)
            later = await self._place(planned)
            cleanup = await self._cleanup(planned, left, len(attempts), later)
            self._leave(planned, later)
        result = flow_result(planned, attempts, cleanup, started).model_copy(update={"worker": worker})
        self._end(planned, result.model_copy(update={"diagnoses": diagnose(result, world.setting)}))

    def _have_tried(self, planned: Planned, attempts: list[Result], left: Left) -> list[Planned]:
        """Keep what came of it: the flows that waited for nothing else."""
        self._tried[planned.name] = attempts, left
        return self._line.tried(planned.name)

    async def _place(self, planned: Planned) -> int:
        """Wait in the line for a worker, and for the accounts that nobody else may use meanwhile."""
        turn: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._line.join(planned, turn.set_result)
        self._line.advance()
        return await turn

    def _leave(self, planned: Planned, worker: int) -> None:
        self._line.leave(planned, worker)
        self._line.advance()

    async def _try(self, planned: Planned) -> tuple[list[Result], Left]:
        """Its attempts, none when the run was stopped before, and what the last one leaves."""
        world = self._world
        if world.stop.reason is not None:
            return [], Left()
        attempts, left = await try_flow(
            world, planned, self._inherited(planned), self._states(planned), keeps_state=self._is_left(planned)
        )
        if world.options.fail_fast and _failed(attempts):
            world.stop.now(f"--fail-fast: {planned.name} failed")
        return attempts, left

    def _end(self, planned: Planned, result: Result) -> None:
        self._ended[planned.name].set_result(result)
        self._heard(result)
        self._world.say(FlowEnded, flow=planned.name, result=result)

    def _obstacle(self, planned: Planned) -> tuple[str | None, str | None]:
        """Why a flow cannot run whose turn it could be, and the flow that is to blame."""
        world = self._world
        for name in planned.requires:
            if name not in self._flows:
                continue
            tried, _ = self._tried[name]
            if not any(result.outcome.is_good for result in tried):
                root = tried[0].root or name
                # When the run itself was cut short, that is the reason, and no flow's fault.
                if world.stop.reason is not None and all(r.outcome is Outcome.SKIPPED for r in tried):
                    return world.stop.reason, None
                became = "failed" if any(r.outcome is Outcome.FAILED for r in tried) else f"was {tried[0].outcome}"
                return (f"needs {root}, which {became}" if root == name else f"needs {name}, which needs {root}"), root
        refusal = refused(planned.flow, world.environment, allow_real=world.options.allow_real)
        if refusal is not None:
            return refusal, planned.name
        return world.stop.reason, None

    def _inherited(self, planned: Planned) -> dict[str, str]:
        values: dict[str, str] = {}
        own = [planned.beside(name) for name in (*planned.flow.needs, planned.flow.origins.get("")) if name]
        # What the flow's own user brings along wins over what somebody else in it does.
        for name in sorted(planned.requires, key=own.__contains__):
            if name in self._flows:
                values.update(self._tried[name][1].variables)
        return values

    def _states(self, planned: Planned) -> dict[str, SavedState]:
        """What everybody in a flow begins with, as far as they start from another; its own user has no name."""
        found = {}
        for person, origin in planned.flow.origins.items():
            left = self._tried.get(planned.beside(origin))
            state = left[1].state if left is not None else None
            if state is not None:
                found[person] = state
        return found

    def _is_left(self, planned: Planned) -> bool:
        """Whether anybody needs what this flow's browser holds at its end."""
        return bool(planned.flow.cleanup) or any(
            planned.flow_name in other.flow.origins.values() and other.repetition == planned.repetition
            for other in self._flows.values()
        )

    async def _cleanup(self, planned: Planned, left: Left, number: int, worker: int) -> Result | None:
        if not planned.flow.cleanup:
            return None
        cleaned = await clean_up(self._world.undisturbed(), planned, self._inherited(planned), left, number)
        return cleaned.model_copy(update={"worker": worker})

    def _dependents(self, name: str) -> set[str]:
        """Every flow of the plan that needs this one, directly or not."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            needed = waiting.pop()
            more = [other for other, planned in self._flows.items() if needed in planned.requires]
            waiting += [other for other in more if other not in found]
            found.update(more)
        return found


def _failed(attempts: Sequence[Result]) -> bool:
    """Whether this is the flow's outcome; its cleanup cannot change that."""
    return not any(tried.outcome.is_good for tried in attempts) and (
        worst(tried.outcome for tried in attempts) is Outcome.FAILED
    )
