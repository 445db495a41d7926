"""Steps in a row: each is tried, looked at and pictured; once one was bad, the rest is skipped and says so."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from smokerunner.browser.capture import settle
from smokerunner.browser.state import stop_loading
from smokerunner.browser.tab import Tab
from smokerunner.model.context import Context, Notes, PageView
from smokerunner.model.duration import spell
from smokerunner.model.errors import Failure, NotReached
from smokerunner.model.event import StepEnded, StepStarted
from smokerunner.model.kind import Kind
from smokerunner.model.outcome import Outcome, worst
from smokerunner.model.result import Artifact, ConsoleMessage, Result
from smokerunner.model.step import Step
from smokerunner.model.vitals import Vitals
from smokerunner.replay.attempt import Verdict, attempt
from smokerunner.replay.companion import GiveUp, Moment, Retry, Skip
from smokerunner.replay.company import Marks
from smokerunner.replay.pictures.picturing import Picturing
from smokerunner.replay.receiving import keep_downloads
from smokerunner.replay.scope import Scope
from smokerunner.replay.scrubbing import scrubbed
from smokerunner.replay.stage import Stage, entered, skipped, source_of
from smokerunner.replay.stop import GIVEN_UP, Stopped
from smokerunner.replay.talk import kept, new_errors, short
from smokerunner.replay.witness import Before, witness

_NAVIGATION = 10.0
_NAVIGATION_AFTER_BAD = 1.0
"""Seconds that a page under way may take to load before it is pictured."""


async def perform(
    stage: Stage,
    steps: Sequence[Step],
    tab: Tab,
    scope: Scope,
    *,
    where: tuple[str | int, ...],
    number: str = "",
    first: int = 1,
    results: list[Result],
    single: bool = False,
    in_cleanup: bool = False,
) -> None:
    """Perform in order. `where` is the place in the flow file, `number` the parent's number with its dot.

    Each result is added to `results` as soon as it is known, so that it stays when the rest is cut off.
    """
    root: str | None = None
    for index, step in enumerate(steps):
        label = f"{number}{first + index:02d}"
        at = where if single else (*where, index)
        if root is not None and not in_cleanup:
            results.append(skipped(stage, step, label, at, root))
            continue
        on = await entered(stage, step, label, at)
        if isinstance(on, Result):
            result = on
        else:
            page = tab if on is stage else on.session.tab
            result = await _Performance(on, step, page, scope, label, at, in_cleanup=in_cleanup).result()
        results.append(result)
        if result.outcome.is_bad:
            root = (
                f"step {result.number} failed"
                if result.outcome is Outcome.FAILED
                else (f"step {result.number} was {result.outcome}")
            )
        elif stage.world.stop.reason is not None:
            root = stage.world.stop.reason


class _Performance:
    """One step, once."""

    def __init__(
        self,
        stage: Stage,
        step: Step,
        tab: Tab,
        scope: Scope,
        label: str,
        where: tuple[str | int, ...],
        *,
        in_cleanup: bool,
    ) -> None:
        self._stage = stage
        self._world = stage.world
        self._step = step
        self._tab = tab
        self._scope = scope
        self._label = label
        self._where = where
        self._in_cleanup = in_cleanup
        self._watch = stage.world.watch
        self._notes, self._pictures = self._prepared()
        self._children: list[Result] = []
        self._spans: list[tuple[Marks, Marks]] = []

    def _prepared(self) -> tuple[Notes, Picturing]:
        """New notes, and the pictures of the step, whose time before the action counts as theirs."""
        notes = Notes(spending=self._watch.spending)
        pictures = Picturing(self._stage, self._step, self._tab, self._scope, self._label, notes)
        held_up = notes.acting

        async def acting() -> None:
            assert held_up is not None
            with self._watch.spending(Kind.PICTURES):
                await held_up()

        notes.acting = acting if held_up is not None else None
        return notes, pictures

    async def result(self) -> Result:
        """What came of the step, with all that was seen of it."""
        with self._watch.spending(Kind.OWN):
            return await self._result()

    async def _result(self) -> Result:
        world, step = self._world, self._step
        started, began = world.clock.now(), world.clock.monotonic()
        begun = self._watch.read()
        traffic, company = self._stage.session.traffic, self._stage.company
        since, requests = company.marks(), len(traffic.requests)
        before, observation = Before.on(self._tab), None
        world.say(StepStarted, flow=self._stage.flow_name, number=self._label, title=step.title)
        with self._watch.spending(Kind.WRITING):
            traced = await attempt(self._stage.session.group(f"{self._label} {step.title}"))
        try:
            verdict = await self._accompanied()
        except Stopped as stop:
            verdict = Verdict(Outcome.SKIPPED, str(stop))
        acted = world.clock.monotonic() - began - self._pictures.seconds
        warnings = [*self._notes.warnings]
        artifacts: tuple[Artifact, ...] = ()
        vitals: Vitals | None = None
        if verdict.outcome is not Outcome.SKIPPED:
            with contextlib.suppress(Stopped):
                # A step that was bad has waited long enough; its picture shows how far the page came.
                limit = _NAVIGATION if verdict.outcome is Outcome.PASSED else _NAVIGATION_AFTER_BAD
                with self._watch.spending(Kind.WAITING):
                    await attempt(world.stop.unless(settle(self._tab, requests, limit)))
                    if traffic.navigated(self._tab.raw, requests):
                        self._watch.turn_out(Kind.NAVIGATION)
            if verdict.outcome.is_bad and not any(child.outcome.is_bad for child in self._children):
                context = self._context(self._stage.default_timeout(step))
                observation, unseen = await witness(self._step, self._scope, context, before, acted)
                warnings += unseen
            if verdict.outcome.is_bad and traffic.pending(self._tab.raw, 0)[0]:
                await attempt(stop_loading(self._tab.raw))
            self._stage.taken.update(self._notes.taken)
            with self._watch.spending(Kind.PICTURES):
                artifacts, lost = await self._pictures.after(verdict.outcome)
            warnings += lost
            artifacts += keep_downloads(world, self._stage.place, self._label, traffic.take_downloads())
            # After the picture, for which the browser painted what it measures.
            measured = await attempt(self._tab.vitals())
            warnings += [f"its web vitals were lost: {measured.message}"] if measured.message else []
            vitals = measured.value
        if traced.outcome is Outcome.PASSED:
            with self._watch.spending(Kind.WRITING):
                await attempt(self._stage.session.ungroup())
        if verdict.traceback:
            artifacts += world.keep_traceback(f"{self._stage.place}/{self._label}-traceback.txt", verdict.traceback)
        verdict = self._stopped(verdict, company.stopped(since))
        messages = company.heard(since, self._spans)
        warnings += [*self._tab.take_surprises(), *company.take_surprises()]
        warnings += new_errors(world, self._stage.flow_name, messages)
        if step.time_target is not None and acted > step.time_target and verdict.outcome is Outcome.PASSED:
            warnings.append(f"took {spell(acted)}, over its time target of {spell(step.time_target)}")
        result = self._made(verdict, warnings, artifacts, messages, started, acted).model_copy(
            update={"requests": company.troubles(since), "observation": observation, "vitals": vitals}
        )
        result = result.model_copy(update={"spent": self._watch.spent(begun)})
        result = scrubbed(result, world.secrets)
        self._stage.performed[result.id] = self._step
        world.say(StepEnded, flow=self._stage.flow_name, number=self._label, result=result)
        return result

    def _stopped(self, verdict: Verdict, stopped: Sequence[str]) -> Verdict:
        if not stopped or verdict.outcome is Outcome.SKIPPED:
            return verdict
        # Whatever else the step saw, it saw an app that was kept from doing something.
        return Verdict(Outcome.INCONCLUSIVE, f"stopped: {stopped[0]}", traceback=verdict.traceback)

    async def _accompanied(self) -> Verdict:
        """The step's verdict; whoever goes along is asked before it, and as long as it fails."""
        companion = None if self._in_cleanup else self._world.companion
        if companion is None:
            return await self._verdict()
        reply = await self._world.stop.unless(companion.before(self._moment()))
        if isinstance(reply, Skip):
            return Verdict(Outcome.SKIPPED, "left out by hand")
        if isinstance(reply, GiveUp):
            self._world.stop.now(GIVEN_UP)
            return Verdict(Outcome.SKIPPED, GIVEN_UP)
        verdict, tries = await self._verdict(), 1
        while verdict.outcome is Outcome.FAILED:
            reply = await self._world.stop.unless(companion.failed(self._moment(verdict.message)))
            if isinstance(reply, Skip):
                self._notes.warnings.append(f"failed, and was left out by hand: {verdict.message}")
                return Verdict(Outcome.PASSED)
            if not isinstance(reply, Retry):
                return verdict
            self._stage.secret_fields += self._notes.secret_fields
            self._step = reply.step
            self._notes, self._pictures = self._prepared()
            self._children.clear()
            self._spans.clear()
            verdict, tries = await self._verdict(), tries + 1
        if verdict.outcome is Outcome.PASSED and tries > 1:
            await companion.passed(self._moment())
        return verdict

    def _moment(self, message: str = "") -> Moment:
        try:
            rendered = self._scope.render(self._step) if message else None
        except NotReached:
            rendered = None
        return Moment(
            flow=self._stage.flow_name,
            number=self._label,
            place=self._where,
            step=self._step,
            rendered=rendered,
            tab=self._tab,
            message=self._world.secrets.scrub(message),
        )

    async def _verdict(self) -> Verdict:
        try:
            step = self._scope.render(self._step)
        except NotReached as missing:
            return Verdict(Outcome.SKIPPED, str(missing))
        timeout = self._stage.default_timeout(step)
        context = self._context(timeout)
        if step.when is not None:
            with self._watch.spending(Kind.WAITING):
                looked = await attempt(self._world.stop.unless(step.when.look(context, late=True)))
            if looked.outcome is not Outcome.PASSED:
                return looked
            if looked.value:
                return Verdict(Outcome.SKIPPED, f"its `when` does not hold: {'; '.join(looked.value)}")
        # A step with steps inside it is bounded by theirs, unless it says how long all of it may take.
        bounded = timeout + step.lasts + step.slack if not (step.children() or step.action == "use") else None
        return self._blamed(await attempt(self._world.stop.unless(self._run(step, context, bounded))))

    def _blamed(self, verdict: Verdict) -> Verdict:
        """When the flow itself took the network away, a page that does not open without it is the app's business."""
        if verdict.outcome is not Outcome.INCONCLUSIVE or not self._stage.session.traffic.is_offline:
            return verdict
        said = verdict.message.replace("this machine is offline", "the page does not open while the network is away")
        return Verdict(Outcome.FAILED, said)

    async def _run(self, step: Step, context: Context, bound: float | None) -> None:
        try:
            async with asyncio.timeout(bound) as watch:
                await self._run_and_save(step, context)
        except TimeoutError as late:
            if not watch.expired():
                raise
            # A page that is being replaced does not answer the browser's questions: the app is slow, not we.
            raise Failure(f"the page did not answer (waited {spell(bound or 0)})") from late

    async def _run_and_save(self, step: Step, context: Context) -> None:
        traffic = self._stage.session.traffic
        requests = len(traffic.requests)
        with self._watch.spending(step.spends):
            try:
                seen = await step.run(context)
            finally:
                began = traffic.navigation_began(self._tab.raw, requests)
                if step.spends is Kind.ACTING and began is not None:
                    # Playwright's click comes back when the page that it leads to has answered.
                    self._watch.turn_out(Kind.NAVIGATION, since=began)
        self._notes.warnings += seen.warnings
        if seen.source is not None and not any(child.outcome.is_bad for child in self._children):
            for name, part in step.save.items():
                value = await part.take(seen.source)
                self._scope.set(name, value, one_time=step.one_time, secret=part.secret)

    def _context(self, timeout: float) -> Context:
        world, stage = self._world, self._stage
        return Context(
            page=self._tab,
            base_url=world.base_url,
            clock=world.clock,
            deadline=world.clock.monotonic() + timeout,
            notes=self._notes,
            secrets=world.secrets,
            variables=self._scope,
            perform=self._perform_children,
            mailbox=world.post.open,
            mail_since=stage.since,
            mail_taken=frozenset(stage.taken),
            mail_rebase=world.environment.mail_links == "rebase",
            folder=world.path.parent,
            steps_of=lambda name: world.file.flows[name].steps,
            defaults_of=lambda name: world.file.flows[name].variables,
        )

    async def _perform_children(
        self,
        steps: Sequence[Step],
        *,
        key: str,
        page: PageView | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> bool:
        tab = self._tab if page is None else page
        assert isinstance(tab, Tab)
        scope = self._scope if variables is None else self._scope.within(variables)
        where: tuple[str | int, ...] = (*self._where, key)
        single = key == "repeat"
        if key == "use":
            where = ("flows", str(self._step.acts_on), "steps")
        before = len(self._children)
        since = self._stage.company.marks()
        await perform(
            self._stage,
            steps,
            tab,
            scope,
            where=where,
            number=f"{self._label}.",
            first=before + 1,
            results=self._children,
            single=single,
            in_cleanup=self._in_cleanup and key == "use",
        )
        self._spans.append((since, self._stage.company.marks()))
        return not any(child.outcome.is_bad for child in self._children[before:])

    def _made(
        self,
        verdict: Verdict,
        warnings: list[str],
        artifacts: tuple[Artifact, ...],
        messages: tuple[ConsoleMessage, ...],
        started: datetime,
        seconds: float,
    ) -> Result:
        step, notes = self._step, self._notes
        outcome, message = verdict.outcome, verdict.message
        bad = next((child for child in self._children if child.outcome.is_bad), None)
        if bad is not None and (outcome is Outcome.PASSED or worst((outcome, bad.outcome)) is bad.outcome):
            outcome, message = bad.outcome, f"step {bad.number}: {bad.message}"
        elif outcome is Outcome.PASSED:
            outcome = worst((outcome, *(child.outcome for child in self._children)))
        if step.on_failure == "warn" and outcome in (Outcome.FAILED, Outcome.INCONCLUSIVE):
            warnings, outcome = [f"{outcome}, but only a warning here: {message}", *warnings], Outcome.WARNED
        if warnings and outcome is Outcome.PASSED:
            outcome = Outcome.WARNED
        return Result(
            id=self._stage.id_of(self._label),
            kind="step",
            name=self._label,
            title=step.title,
            outcome=outcome,
            message=message,
            warnings=tuple(dict.fromkeys(warnings)),
            started=started,
            seconds=round(seconds, 4),
            action=step.action,
            url=(self._pictures.at or self._tab.url) if outcome is not Outcome.SKIPPED else "",
            locator=notes.locator,
            value=self._shown_value(),
            mend=notes.mend,
            box=notes.box,
            point=notes.point,
            source=source_of(self._world, self._where),
            artifacts=artifacts,
            console=kept(messages),
            person=self._stage.person,
            **self._stage.window(),
            children=tuple(self._children),
        )

    def _shown_value(self) -> str:
        return short(self._world.secrets.scrub(self._notes.value))
