"""Where flows are drawn as soon as they have ended, in a thread, while others still run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from smokerunner.evidence.folder import Folder
from smokerunner.model.outcome import Outcome
from smokerunner.model.record import record
from smokerunner.model.result import Result
from smokerunner.model.run import Browser, Run
from smokerunner.replay.attempt import attempt
from smokerunner.replay.options import Keep

if TYPE_CHECKING:
    # What draws is loaded in the thread, while the first flow waits for its first page.
    from smokerunner.pictures.prints import Prints
    from smokerunner.replay.pictures.illustrating import Drawn
    from smokerunner.replay.pictures.recalling import LastPassed


@record
class _Work:
    """What is done for one flow, one after the other; `words` are those in its pictures."""

    words: Mapping[str, str]
    recalled: Future[tuple[Result, list[str]]]
    drawn: Future[Drawn]


class Studio:
    """Draws for the flows of one run, one at a time, so that only one is in memory. `run` needs no results yet.

    Pictures of a flow that is `alone` are made ready as they come: there is nothing else to do meanwhile. `browser`
    tells what is known of it by now: its fonts are measured when the first flow begins.
    """

    def __init__(
        self,
        folder: Folder,
        run: Run,
        keep: Keep,
        *,
        alone: bool = False,
        browser: Callable[[], Browser | None] | None = None,
    ) -> None:
        self._folder = folder
        self._run = run
        self._keep = keep
        self._alone = alone
        self._prints: Prints | None = None
        self._browser = browser or (lambda: run.browser)
        self._past: tuple[Browser | None, LastPassed] | None = None
        self._work: dict[str, _Work] = {}
        self._thread = ThreadPoolExecutor(1, "drawing")
        self._thread.submit(self._prepare)

    def see(self, step: Result) -> None:
        """A step has ended."""
        if self._alone and self._keep == "on":
            for artifact in step.artifacts:
                if artifact.kind in ("before", "picture") and not artifact.same_as:
                    self._thread.submit(self._print, artifact.path)

    def begin(self, flow: Result) -> None:
        """A flow has ended: lay earlier pictures beside its own, and draw it."""
        # Here, and not in the thread: whoever goes on may add a secret at any time.
        words = self._words(flow)
        recalled = self._thread.submit(self._beside, flow)
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

    def _prepare(self) -> None:
        import smokerunner.replay.pictures.illustrating
        import smokerunner.replay.pictures.recalling  # noqa: F401
        from smokerunner.pictures.canvas import prepare

        if self._keep == "on":
            prepare()

    def _print(self, path: str) -> None:
        from smokerunner.pictures.prints import Prints

        self._prints = self._prints or Prints(ahead=True)
        picture = self._folder.read(path)
        if picture is not None:
            self._prints.prepare(picture)

    def _words(self, flow: Result) -> dict[str, str]:
        from smokerunner.replay.pictures.illustrating import words_of

        return words_of(self._run, flow, self._folder.secrets)

    def _beside(self, flow: Result) -> tuple[Result, list[str]]:
        from smokerunner.replay.pictures.recalling import LastPassed

        browser = self._browser()
        if self._past is None or self._past[0] is not browser:
            self._past = browser, LastPassed(self._folder, self._run.history, browser)
        return self._past[1].beside(flow)

    def _drawn(self, flow: Result, recalled: Future[tuple[Result, list[str]]], words: Mapping[str, str]) -> Drawn:
        from smokerunner.replay.pictures.illustrating import illustrate

        beside = flow if recalled.exception() is not None else recalled.result()[0]
        prints, self._prints = self._prints, None
        return illustrate(self._folder, self._run, beside, self._keep, words, prints)

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
        words = self._words(result)
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
