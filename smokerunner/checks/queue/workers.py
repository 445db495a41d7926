"""`queue.stale-workers`: the workers run the code of the release that is served."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from smokerunner.checks.api.judging import judged
from smokerunner.checks.queue.canary import done_job, is_release
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.errors import NotReached
from smokerunner.model.severity import Severity
from smokerunner.model.template import Template

_ADVICE = "a worker keeps its old code until it ends: `php artisan queue:restart`, with Horizon `horizon:terminate`"


class StaleWorkers(Check):
    """Looks at who did the job of `queue.canary`; it queues none itself."""

    id: ClassVar[str] = "queue.stale-workers"
    asks: ClassVar[str] = "Were the workers started again after the deploy?"
    passes: ClassVar[str] = "the job of `queue.canary` was done by the release that is served"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "laravel/framework: Worker, queue:restart; own"
    # These come last: only then has the canary seen what there is to see.
    alone: ClassVar[bool] = True

    release: Template | None = Field(
        default=None, description="The release that workers must run; by default the canary's, or --release."
    )

    async def run(self, ctx: CheckContext) -> Finding:
        """Compare the release that did the job with the one that was to do it. Raises NotReached."""
        job = await done_job(ctx)
        if job is None:
            raise NotReached("needs what queue.canary sees, which is not in this run, or saw no job done")
        if job.release is None:
            raise NotReached("the job of queue.canary does not tell which release did it; see docs/checks/queue.md")
        wanted = str(self.release) if self.release is not None else job.wanted or ctx.expected_release
        if not wanted:
            raise NotReached(f"the job was done by {job.release}; say with --release which is served")
        same = is_release(job.release, wanted)
        seen = job.release if same else f"{job.release}; {_ADVICE}"
        weak = "one worker did the job; others may be older" if same else ""
        return Finding.of([judged("the release that did the job", seen, wanted, good=same)], weak=weak)
