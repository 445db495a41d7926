"""How a picture is compared with its approved reference, as flow files say it."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from smokerunner.model.frozen import Frozen

Mode = Literal["off", "warn", "strict"]
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")


def _mode(value: Any) -> Any:
    return {"mode": value} if isinstance(value, str) else value


def _share(value: Any) -> Any:
    """The part of all pixels, 0 to 1, in `0.5%`. Raises ValueError for anything else."""
    if isinstance(value, float):
        return value
    found = _PERCENT.fullmatch(str(value).strip())
    if found is None or float(found[1]) > 100:
        raise ValueError(f"{str(value)!r} is no part of a picture; write it as 0.5%")
    return float(found[1]) / 100


Share = Annotated[
    float,
    BeforeValidator(_share),
    WithJsonSchema({"type": "string", "pattern": r"^\s*(100(\.0+)?|\d{1,2}(\.\d+)?)\s*%\s*$"}),
]


class Visual(Frozen):
    """How strictly a picture is held against its approved reference; what is not said comes from further out."""

    model_config = ConfigDict(defer_build=False)

    mode: Mode | None = Field(default=None, description="`off`, `warn` (the default), or `strict`: then it has failed.")
    tolerance: Share | None = Field(default=None, description="The part of the picture that may differ, as 0.5%.")

    def within(self, outer: "Visual | None") -> "Visual":
        """The same, with what it leaves open taken from what it stands in."""
        if outer is None:
            return self
        return Visual(
            mode=self.mode or outer.mode, tolerance=outer.tolerance if self.tolerance is None else self.tolerance
        )


VisualSetting = Annotated[Visual, BeforeValidator(_mode)]
