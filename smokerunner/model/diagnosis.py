"""A cause in plain words, with its proof: what a person reads first when something failed."""

from pydantic import Field

from smokerunner.model.flow import Severity
from smokerunner.model.frozen import Frozen
from smokerunner.model.mending import Mend


class Proof(Frozen):
    """Something that was seen, as it was seen."""

    label: str = Field(description="What it is, in two or three words: `the answer`, `the console`.")
    text: str = Field(description="What was seen; several lines are shown as they are.")


class Diagnosis(Frozen):
    """Why something failed. The first of a result is the likeliest."""

    id: str = Field(description="Stable and the same on every app: `server-error`, `session-lost`.")
    title: str = Field(description="The cause in one plain line, without a full stop at its end.")
    explanation: str = Field(default="", description="What that means and where to look next.")
    severity: Severity = Field(description="A proposal, from the flow's own severity and the kind of cause.")
    proof: tuple[Proof, ...] = ()
    mend: Mend | None = Field(default=None, description="When it is the flow that must be changed.")
    step: str = Field(default="", description="The id of the result that it explains.")
    app: str = ""
    flow: str = ""
    environment: str = ""
