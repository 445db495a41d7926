"""Runs made by number: one as large as they get, and one where all is well."""

from __future__ import annotations

from sample_run import RUN, at

from smokerunner.model.diagnosis import Diagnosis, Proof
from smokerunner.model.flow import Severity
from smokerunner.model.geometry import Box, Point
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, ConsoleMessage, RequestSeen, Result
from smokerunner.model.run import Run

ACTIONS = ("goto /shop/page", "fill Search products", "click Add to cart", "expect url /cart; visible heading")


def large_run(flows: int = 100, steps: int = 20, bad: int = 5) -> Run:
    """A run of so many flows with so many steps each, the first `bad` of them failed at their last step."""
    results = tuple(_flow(number, steps, failed=number < bad) for number in range(flows))
    return RUN.model_copy(update={"results": results, "history": {}, "ended": at(flows * 3.0)})


def green_run() -> Run:
    """A run in which all is well."""
    return large_run(6, 5, bad=0)


def _flow(number: int, steps: int, *, failed: bool) -> Result:
    name = f"flow-{number:03}"
    started = at(number // 4 * 12.0)
    outcome = Outcome.FAILED if failed else Outcome.PASSED
    children = tuple(
        _step(name, place, started_after=place * 0.5, failed=failed and place == steps) for place in range(1, steps + 1)
    )
    found = Diagnosis(
        id="server-error",
        title=f"POST /api/carts/{number} answered 500 Internal Server Error",
        explanation="The server failed while it answered. Its log says more.",
        severity=Severity.HIGH,
        proof=(Proof(label="the answer", text="Internal Server Error\n" * 20),),
        step=children[-1].id,
    )
    attempt = Result(
        id=f"flows/{name}/1",
        kind="attempt",
        name="1",
        title="Attempt 1",
        outcome=outcome,
        message="step 20 failed" if failed else "",
        started=started,
        seconds=steps * 0.5,
        children=children,
    )
    return Result(
        id=f"flows/{name}",
        kind="flow",
        name=name,
        title=f"A customer does thing number {number} in the shop",
        outcome=outcome,
        started=started,
        seconds=steps * 0.5,
        severity=list(Severity)[number % 4],
        tags=("shop", f"part-{number % 5}"),
        worker=number % 4 + 1,
        artifacts=(
            Artifact(kind="sheet", path=f"flows/{name}/sheet.jpg"),
            Artifact(kind="animation", path=f"flows/{name}/flow.webp"),
        ),
        diagnoses=(found,) if failed else (),
        children=(attempt,),
    )


def _step(flow: str, number: int, *, started_after: float, failed: bool) -> Result:
    action = ACTIONS[number % len(ACTIONS)]
    place = f"flows/{flow}/{number:02}"
    acts = action.startswith(("fill", "click"))
    before = Artifact(kind="before", path=f"{place}-before.png", same_as=f"flows/{flow}/{number - 1:02}-step.png")
    seen = at(started_after)
    return Result(
        id=f"flows/{flow}/1/{number:02}",
        kind="step",
        name=f"{number:02}",
        title=f"{action} {number}",
        outcome=Outcome.FAILED if failed else Outcome.PASSED,
        message="the page is at https://shop.acorn.example/cart, not at /orders (waited 10.0 s)" if failed else "",
        started=seen,
        seconds=0.48,
        action=action.split()[0],
        url=f"https://shop.acorn.example/shop/page/{number}",
        locator="button 'Add to cart'" if acts else "",
        value="linen envelopes" if action.startswith("fill") else "",
        source=f"flows/acorn.yaml:{number + 10}",
        box=Box(x=440, y=372, width=400, height=48) if acts else None,
        point=Point(x=640, y=396) if acts else None,
        artifacts=(
            *((before,) if acts and number > 1 else ()),
            Artifact(kind="picture", path=f"{place}-step.png"),
            *((Artifact(kind="thumbnail", path=f"{place}-thumbnail.webp"),) if failed else ()),
        ),
        console=(ConsoleMessage(level="error", text="TypeError: cart is null", counts=True, at=seen),)
        if failed
        else (),
        requests=(RequestSeen(method="POST", url="https://shop.acorn.example/api/carts", status=500, at=seen),)
        if failed
        else (),
    )
