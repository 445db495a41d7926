"""Everybody who takes part in one attempt: a browser session each, opened when first needed, closed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from smokerunner.browser.session import Session
from smokerunner.browser.state import SavedState
from smokerunner.model.record import record
from smokerunner.model.result import ConsoleMessage, RequestSeen
from smokerunner.replay.outfitting import settings_of
from smokerunner.replay.plan import Planned
from smokerunner.replay.scope import Scope
from smokerunner.replay.talk import own
from smokerunner.replay.world import World

OWN = ""
"""The flow's own user, who has no name."""


@record
class Mark:
    """How much a session had said, asked for and been kept from at some moment."""

    console: int = 0
    requests: int = 0
    stopped: int = 0


Marks = Mapping[str, Mark]
"""A moment, by person; who is not in it came later."""
_START = Mark()


class Company:
    """The sessions of an attempt by person, as an async context manager. `states` are what they begin with."""

    def __init__(
        self, world: World, planned: Planned, scope: Scope, states: Mapping[str, SavedState], *, in_cleanup: bool
    ) -> None:
        self._world = world
        self._planned = planned
        self._scope = scope
        self._states = states
        self._in_cleanup = in_cleanup
        self._open = AsyncExitStack()
        self.sessions: dict[str, Session] = {}

    async def __aenter__(self) -> Self:
        """Nobody is there yet."""
        return self

    async def session(self, person: str) -> Session:
        """Somebody's session, opened now if it is the first time. Raises Unavailable when it cannot be opened."""
        if person not in self.sessions:
            world = self._world
            browser = await world.stop.unless(world.engine.browser())
            settings = settings_of(world, self._planned, self._scope, person, in_cleanup=self._in_cleanup)
            state = self._states.get(person)
            made = Session(browser, settings, state, world.clock.now, world.clock.monotonic)
            self.sessions[person] = await self._open.enter_async_context(made)
        return self.sessions[person]

    def marks(self) -> Marks:
        """This moment."""
        return {
            person: Mark(len(session.traffic.console), len(session.traffic.requests), len(session.guard.stopped))
            for person, session in self.sessions.items()
        }

    def heard(self, since: Marks, spans: Sequence[tuple[Marks, Marks]]) -> tuple[ConsoleMessage, ...]:
        """What any console said since a moment, without what was said within `spans`, in its order."""
        found: list[ConsoleMessage] = []
        for person, session in self.sessions.items():
            theirs = [(first.get(person, _START).console, last.get(person, _START).console) for first, last in spans]
            found += own(session.traffic.console, since.get(person, _START).console, theirs)
        return tuple(sorted(found, key=lambda message: message.at))

    def troubles(self, since: Marks) -> tuple[RequestSeen, ...]:
        """The requests since a moment that failed or were answered with 400 and more, in their order."""
        found = [
            seen
            for person, session in self.sessions.items()
            for seen in session.traffic.troubles(since.get(person, _START).requests)
        ]
        return tuple(sorted(found, key=lambda seen: seen.at))

    def stopped(self, since: Marks) -> list[str]:
        """The requests that were not allowed since a moment."""
        return [
            objection
            for person, session in self.sessions.items()
            for objection in session.guard.stopped[since.get(person, _START).stopped :]
        ]

    def take_surprises(self) -> list[str]:
        """What came in anybody's first page without being asked for since this was last asked."""
        return [said for session in self.sessions.values() for said in session.tab.take_surprises()]

    async def __aexit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what is open, the last one first."""
        await self._open.__aexit__(kind, wrong, trace)
