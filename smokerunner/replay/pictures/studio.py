"""Where flows are drawn as soon as they have ended, in a thread, while others still run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from smokerunner.evidence.folder import Folder
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.pictures.canvas import prepare
from smokerunner.replay.attempt import attempt
from smokerunner.replay.options import Keep
from smokerunner.replay.pictures.illustrating import Drawn, illustrate, words_of
from smokerunner.replay.pictures.recalling import LastPassed


@dataclass(frozen=True)
class _Work:
    """What is done for one flow, one after the other; `words` are those in its pictures."""

    words: Mapping[str, str]
    recalled: Future[tuple[Result, list[str]]]
    drawn: Future[Drawn]


class Studio:
    """Draws for the flows of one run, one at a time, so that only one is in memory. `run` needs no results yet."""

    def __init__(self, folder: Folder, run: Run, keep: Keep) -> None:
        self._folder = folder
        self._run = run
        self._keep = keep
        self._past = LastPassed(folder, run.history, run.browser)
        self._work: dict[str, _Work] = {}
        self._thread = ThreadPoolExecutor(1, "drawing")
        if keep == "on":
            # The first page takes its time, too.
            self._thread.submit(prepare)

    def begin(self, flow: Result) -> None:
        """A flow has ended: lay earlier pictures beside its own, and draw it."""
        # Here, and not in the thread: whoever goes on may add a secret at any time.
        words = words_of(self._run, flow, self._folder.secrets)
        recalled = self._thread.submit(self._past.beside, flow)
        self._work[flow.id] = _Work(words, recalled, self._thread.submit(self._drawn, flow, recalled, words))

    async def finish(self, results: Sequence[Result]) -> tuple[list[Result], list[str]]:
        """The results with all that was drawn, and a note, each once, for what could not be.

        That something cannot be drawn is no reason to lose a run, so a flow stays as it was then.
        """
        notes: list[str] = []
        made = [await self._made(result, notes) for result in results]
        self._thread.shutdown()
        return made, list(dict.fromkeys(notes))

    def close(self) -> None:
        """Begin nothing more; what is being drawn comes to its end by itself."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _drawn(self, flow: Result, recalled: Future[tuple[Result, list[str]]], words: Mapping[str, str]) -> Drawn:
        beside = flow if recalled.exception() is not None else recalled.result()[0]
        return illustrate(self._folder, self._run, beside, self._keep, words)

    async def _made(self, result: Result, notes: list[str]) -> Result:
        work = self._work.pop(result.id, None)
        if work is None:
            return result
        recalled = await attempt(_value(work.recalled))
        if recalled.outcome is Outcome.PASSED:
            result, said = recalled.value
            notes += said
        else:
            notes.append(f"the last passed run cannot be shown: {recalled.message}")
        drawn = await attempt(_value(work.drawn))
        words = words_of(self._run, result, self._folder.secrets)
        if any(work.words[text] != masked for text, masked in words.items()):
            # A secret that became known only later stands in its pictures.
            drawn = await attempt(_value(self._thread.submit(self._drawn, result, work.recalled, words)))
        if drawn.outcome is not Outcome.PASSED:
            notes.append(f"no contact sheets were drawn: {drawn.message}")
            return result
        notes += drawn.value.notes
        illustrated: Result = drawn.value.flow
        return illustrated


async def _value(future: Future[Any]) -> Any:
    return await asyncio.wrap_future(future)
