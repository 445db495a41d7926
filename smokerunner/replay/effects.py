"""What a flow does for real, its own steps or those of a flow it uses, and what production has to say to that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from smokerunner.model.config import Environment
from smokerunner.model.flow import Effects, Flow
from smokerunner.model.step import Step


def with_used_effects(flows: Mapping[str, Flow], name: str) -> Flow:
    """The flow; when it uses the steps of one whose effects are real, its own are real."""
    flow = flows[name]
    if flow.effects is Effects.REAL or not any(flows[other].effects is Effects.REAL for other in used(flows, name)):
        return flow
    return flow.model_copy(update={"effects": Effects.REAL})


def used(flows: Mapping[str, Flow], name: str) -> set[str]:
    """Every flow whose steps this one performs, directly or not."""
    found: set[str] = set()
    left = [name]
    while left:
        flow = flows[left.pop()]
        more = {str(step.acts_on) for step in all_steps((*flow.steps, *flow.cleanup)) if step.action == "use"}
        left += [other for other in more - found if other in flows]
        found |= more & set(flows)
    return found


def refused(flow: Flow, environment: Environment, *, allow_real: bool) -> str | None:
    """Why the flow may not run here; None when it may."""
    if flow.effects is Effects.REAL and environment.production and not allow_real:
        return "its effects are real and this is production; --allow-real runs it"
    return None


def all_steps(steps: Iterable[Step]) -> Iterator[Step]:
    """These steps and those inside them, those of used flows left out."""
    for step in steps:
        yield step
        for children in step.children().values():
            yield from all_steps(children)
