"""Steps made of steps, and waiting: use, repeat, pause."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, WithJsonSchema

from smokerunner.model.duration import Seconds, spell
from smokerunner.model.errors import Failure
from smokerunner.model.fact import Facts
from smokerunner.model.flow import Name, Variables
from smokerunner.model.step import AnyStep, Seen, Step, Steps

if TYPE_CHECKING:
    from smokerunner.model.context import Context


class Use(Step):
    """Do another flow's steps here, in this flow's own session.

    Example: `use: login`, beside it `with: {email: admin@example.test}`
    """

    action: ClassVar[str] = "use"
    use: Name = Field(description="The flow whose steps are done.")
    with_: Variables = Field(default={}, alias="with", description="Variables that override that flow's own.")

    async def run(self, context: "Context") -> Seen:
        """Perform the other flow's steps with its variables."""
        variables = {**context.defaults_of(self.use), **self.with_}
        await context.perform(context.steps_of(self.use), key="use", variables=variables)
        return Seen()


class Repeat(Step):
    """Do one step again and again until facts are true.

    Example: `repeat: {reload: true}`, beside it `until: {text_of: {of: {test_id: status}, reads: ready}}`
    """

    action: ClassVar[str] = "repeat"
    default_timeout: ClassVar[float] = 60.0
    repeat: AnyStep = Field(description="Any one step.")
    until: Facts = Field(description="Looked at after each time.")
    every: Annotated[Seconds, WithJsonSchema({"type": "string"})] = Field(
        default=1.0, description="The pause between two times."
    )
    times: int | None = Field(default=None, ge=1, description="How often at most; by default until the timeout.")

    def children(self) -> Mapping[str, Steps]:
        """The step that is repeated."""
        return {"repeat": (self.repeat,)}

    @property
    def object(self) -> str:
        """The inner step and what ends it."""
        return f"{self.repeat.title} until {self.until}"

    @property
    def slug(self) -> str:
        """Named after the inner step."""
        return f"repeat-{self.repeat.slug}"

    async def run(self, context: "Context") -> Seen:
        """Perform, look, pause; raises Failure with what was seen last."""
        # Only a run waits; reading a flow file would pay for the import.
        import asyncio

        done = 0
        while True:
            if not await context.perform((self.repeat,), key="repeat"):
                return Seen()
            done += 1
            # Facts such as `visible` may need a moment after a reload, so the pause is spent looking.
            until = context.clock.monotonic() + self.every
            while True:
                wrong = await self.until.look(context, late=True)
                if not wrong:
                    return Seen()
                left = min(until, context.deadline) - context.clock.monotonic()
                if left <= 0:
                    break
                await asyncio.sleep(min(0.1, left))
            if done == self.times or context.clock.monotonic() >= context.deadline:
                raise Failure(f"after {done} times: {'; '.join(wrong)}")


class Pause(Step):
    """Wait, when there is nothing to wait for. `expect` is nearly always better.

    Example: `pause: 500ms`
    """

    action: ClassVar[str] = "pause"
    changes: ClassVar[bool] = False
    pause: Seconds

    @property
    def object(self) -> str:
        """How long."""
        return spell(self.pause)

    @property
    def lasts(self) -> float:
        """The pause itself."""
        return self.pause

    async def run(self, context: "Context") -> Seen:
        """Sleep."""
        import asyncio

        await asyncio.sleep(self.pause)
        return Seen()
