"""A step: one action, and what may stand beside any action."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, SerializeAsAny, ValidationInfo, WithJsonSchema, model_validator

from smokerunner.model.duration import Seconds
from smokerunner.model.fact import Facts, Targets
from smokerunner.model.frozen import Frozen, complaint
from smokerunner.model.kind import Kind
from smokerunner.model.part import Part, Source
from smokerunner.model.record import record
from smokerunner.model.target import Target
from smokerunner.model.template import Template, Unrendered
from smokerunner.model.visual import VisualSetting

if TYPE_CHECKING:
    from smokerunner.model.context import Context


_SWITCHES = ("true", "false", "yes", "no", "on", "off")


@record
class Seen:
    """What a step that did not fail saw: something to `save` from, and anything a person should look at."""

    source: Source | None = None
    warnings: tuple[str, ...] = ()


class Step(Frozen, Unrendered):
    """The base of all steps. A subclass names its action, declares that field, and says what `run` does."""

    action: ClassVar[str] = ""
    saves: ClassVar[frozenset[str]] = frozenset()
    """Which parts can be saved from what this step sees."""
    default_timeout: ClassVar[float] = 10.0
    """Seconds, when neither the step nor the flow nor the file says."""
    slack: ClassVar[float] = 2.0
    """Seconds beyond its time-out after which the step is given up, should its own waiting not have ended it."""
    one_time: ClassVar[bool] = False
    """Whether what is saved from it (links and codes that came by mail) is masked like a secret."""
    changes: ClassVar[bool] = True
    """Whether the step may change what the page shows, so that an earlier picture cannot stand for it."""
    spends: ClassVar[Kind] = Kind.WAITING
    """What its time counts as, apart from the search for elements and what replay does around it."""

    name: Template | None = Field(default=None, description="What to call this step in reports.")
    as_: str | None = Field(
        default=None, alias="as", description="Who does it: somebody of the flow's `people`, in their own browser."
    )
    timeout: Seconds | None = Field(default=None, description="How long it may take; then it has failed.")
    time_target: Seconds | None = Field(default=None, description="Slower than this is `warned`.")
    when: Facts | None = Field(default=None, description="Only if these facts hold, looked at once.")
    on_failure: Literal["fail", "warn"] = Field(
        default="fail", description="`warn`: a failure is reported, and the flow goes on."
    )
    mask: Targets = Field(default=(), description="Painted over in this step's picture.")
    picture: Annotated[
        bool | Literal["full_page"],
        WithJsonSchema({"enum": [True, False, "full_page", *_SWITCHES]}),
        BeforeValidator(lambda value: value if value == "full_page" else _yes_or_no(value)),
    ] = Field(default=True, description="`false`: no picture; `full_page`: all of the page.")
    visual: VisualSetting | None = Field(default=None, description="Whether pictures may differ from approved ones.")
    save: dict[str, Part] = Field(
        default={},
        description="Variables taken from what was seen: `variable: part`.",
        json_schema_extra={"propertyNames": {"pattern": r"^(?!(unique|today|run|secrets)$)[A-Za-z_][A-Za-z0-9_-]*$"}},
    )

    @model_validator(mode="after")
    def _saveable(self) -> "Step":
        for variable, part in self.save.items():
            if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", variable) is None or variable in (
                "unique",
                "today",
                "run",
                "secrets",
            ):
                raise complaint(f"'{variable}' cannot be the name of a variable", "save", variable, at_key=True)
            if part.kind not in self.saves:
                allowed = ", ".join(sorted(self.saves)) or "nothing"
                raise complaint(f"'{self.action}' has no {part.kind} to save; it has {allowed}", "save", variable)
        return self

    async def run(self, context: "Context") -> Seen:
        """Do it. Raises Failure when the app is wrong, Inconclusive or Unavailable when that cannot be told."""
        raise NotImplementedError

    @property
    def acts_on(self) -> Any:
        """What stands under the action key."""
        field = next(n for n, f in type(self).model_fields.items() if (f.alias or n) == self.action)
        return getattr(self, field)

    @property
    def title(self) -> str:
        """The step in words, templates as written, for people and for reports."""
        return str(self.name) if self.name else f"{self.action} {self.object}".strip()

    @property
    def object(self) -> str:
        """What the action acts on, in words."""
        found = self.acts_on
        return "" if found is True else str(found)

    @property
    def slug(self) -> str:
        """`<action>-<target>` for file names: lower case ASCII, never a rendered value."""
        found = self.acts_on
        words = found.label_text if isinstance(found, Target) else "" if found is True else str(found)
        return slugify(f"{self.action} {self.name or words}")

    @property
    def lasts(self) -> float:
        """Seconds that it takes even when all is well, which its time-out does not bound."""
        return 0.0

    def children(self) -> "Mapping[str, tuple[Step, ...]]":
        """The steps inside this one, by the key they stand under."""
        return {}

    @property
    def targets(self) -> tuple[Target, ...]:
        """The elements this step acts on, first the main one."""
        found = self.acts_on
        return (found,) if isinstance(found, Target) else ()


def _yes_or_no(value: Any) -> Any:
    if isinstance(value, str) and value not in _SWITCHES:
        raise ValueError(f"{value!r} is not a picture; write false or full_page")
    return value


def slugify(words: str, limit: int = 48) -> str:
    """Lower-case ASCII letters, digits and hyphens; templates leave their name."""
    plain = re.sub(r"\$\{[^}]*?([A-Za-z0-9_-]+)\)?\}", r"\1", words)
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:limit].rstrip("-") or "step"


Vocabulary = Mapping[str, type[Step]]
COMMON = tuple(Step.keys())


def choose(value: Any, info: ValidationInfo) -> Any:
    """Read one step with the class its action names; the vocabulary comes with the validation context."""
    if isinstance(value, Step):
        return value
    if not isinstance(value, dict):
        raise ValueError(f"a step is a mapping such as {{click: {{button: Save}}}}, not {describe(value)}")
    vocabulary: Vocabulary = (info.context or {}).get("vocabulary", {})
    if "todo" in value:
        raise complaint(f"still to do: {value['todo']}; replace it by a step", "todo", at_key=True)
    actions = [key for key in value if key in vocabulary]
    if len(actions) > 1:
        raise complaint(f"a step has one action; '{actions[1]}' stands beside '{actions[0]}'", actions[1], at_key=True)
    if not actions:
        options = {key for step in vocabulary.values() for key in tuple(step.keys())} - set(vocabulary)
        unknown = [key for key in value if key not in options]
        if not unknown:
            raise ValueError("a step needs an action, such as goto, click, fill or expect")
        # Only for what was misspelt: it takes longer to import than to use.
        import difflib

        near = difflib.get_close_matches(str(unknown[0]), vocabulary, 1, 0.6)
        hint = f", did you mean '{near[0]}'?" if near else f"; there are {', '.join(sorted(vocabulary))}"
        raise complaint(f"no action called '{unknown[0]}'{hint}", unknown[0], at_key=True)
    return vocabulary[actions[0]].model_validate(value, context=info.context)


def describe(value: Any) -> str:
    """What kind of thing stands in a file, in words."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, str):
        return f"the text {value!r}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "nothing" if value is None else f"the number {value}"


A_STEP = "a step"
"""Marks, in a JSON Schema, where any step may stand; only the language room knows all of them."""
AnyStep = Annotated[SerializeAsAny[Step], BeforeValidator(choose), WithJsonSchema({"$comment": A_STEP})]
Steps = tuple[AnyStep, ...]
