"""A flow, and the file that holds an app's flows."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from smokerunner.model.browsing import Browsing
from smokerunner.model.duration import Seconds
from smokerunner.model.fact import Targets
from smokerunner.model.frozen import Frozen
from smokerunner.model.matcher import Matcher, UrlPattern
from smokerunner.model.person import PersonSetting
from smokerunner.model.severity import Effects as Effects
from smokerunner.model.severity import Severity as Severity
from smokerunner.model.step import Steps
from smokerunner.model.template import Template
from smokerunner.model.visual import VisualSetting


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def _secret(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _free(name: str) -> str:
    if name in TAKEN:
        raise ValueError(f"'{name}' cannot be the name of a variable; ${{{name}}} has its own meaning")
    return name


NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"
VARIABLE = r"^[A-Za-z_][A-Za-z0-9_-]*$"
HOST = r"^[A-Za-z0-9.*_-]+(:\d+)?$"
ADDRESS = r"^https?://[^\s/?#]+[^\s?#]*$"
SIZE = r"^\d{2,5}x\d{2,5}$"
TAKEN = ("unique", "today", "run", "secrets")
"""What `${…}` knows by itself."""

Name = Annotated[str, StringConstraints(pattern=NAME)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_many)]
VariableName = Annotated[
    str,
    StringConstraints(pattern=VARIABLE),
    AfterValidator(_free),
    WithJsonSchema({"type": "string", "pattern": rf"^(?!({'|'.join(TAKEN)})$){VARIABLE[1:]}"}),
]
Variables = dict[VariableName, Template]
Host = Annotated[str, StringConstraints(pattern=HOST)]
Size = Annotated[str, StringConstraints(pattern=SIZE)]
BaseUrl = Annotated[str, StringConstraints(pattern=ADDRESS)]


class SecretName(Frozen):
    """The name of a secret; its value comes from the environment, .env or a keyring."""

    name: VariableName = Field(description="Its name, as in ${secrets.NAME}.")
    weak: bool = Field(default=False, description="Shorter than 8 characters, so it is masked by field only.")


SecretNames = tuple[Annotated[SecretName, BeforeValidator(_secret)], ...]


class Tolerate(Frozen):
    """What the app is known to do wrong and nobody minds."""

    console: Annotated[tuple[Matcher, ...], BeforeValidator(_many)] = Field(
        default=(), description="Console errors that do not count."
    )
    requests: Annotated[tuple[UrlPattern, ...], BeforeValidator(_many)] = Field(
        default=(), description="Requests whose failure does not count."
    )


class Flow(Frozen):
    """Something a user does, from the first page to the proof that it worked."""

    title: Template | None = Field(default=None, description="The flow in one sentence, for people.")
    severity: Severity = Field(default=Severity.HIGH, description="What a failure means.")
    tags: Names = Field(default=(), description="Words to select it by.")
    effects: Effects = Field(default=Effects.TEST_DATA, description="What it does to the app's data.")
    repeatable: bool | None = Field(
        default=None, description="Whether a second attempt is safe; by default unless effects is real."
    )
    needs: Names = Field(default=(), description="Flows that must have passed; their variables are seen here.")
    starts_from: Name | None = Field(
        default=None, description="Begins with the cookies and storage that this flow left; implies needs."
    )
    after: Names = Field(default=(), description="Flows that run earlier if they run at all.")
    exclusive: Names = Field(default=(), description="Flows with a name in common never run at the same time.")
    variables: Variables = Field(default={}, description="Defaults, which `use` … `with` overrides.")
    people: dict[Name, PersonSetting] = Field(
        default={}, description="Who else takes part; a step with `as: NAME` happens in that person's browser."
    )
    viewport: Size | None = Field(default=None, description="The size of its page in CSS pixels.")
    browser: Browsing | None = Field(default=None, description="How its browser is set up.")
    timeout: Seconds | None = Field(default=None, description="How long each of its steps may take.")
    time_target: Seconds | None = Field(default=None, description="An attempt slower than this is `warned`.")
    visual: VisualSetting | None = Field(default=None, description="Whether pictures may differ from approved ones.")
    steps: Annotated[Steps, Field(min_length=1)] = Field(description="What the user does.")
    cleanup: Steps = Field(default=(), description="Always runs, after the last flow that needs this one.")

    @property
    def origins(self) -> dict[str, str]:
        """The flows whose sessions its people begin with; its own user has the empty name."""
        started = {"": self.starts_from, **{name: person.starts_from for name, person in self.people.items()}}
        return {name: flow for name, flow in started.items() if flow is not None}

    @property
    def requires(self) -> tuple[str, ...]:
        """Every flow that must have passed: `needs`, and whatever somebody in it starts from."""
        return tuple(dict.fromkeys((*self.needs, *self.origins.values())))

    @property
    def may_repeat(self) -> bool:
        """Whether a second attempt is safe."""
        return self.effects is not Effects.REAL if self.repeatable is None else self.repeatable


class FlowFile(Frozen):
    """One app and its flows."""

    app: Name = Field(description="The app's name, as it stands in reports and in smokerunner.yaml.")
    base_url: BaseUrl | None = Field(default=None, description="Where the app is; an environment overrides it.")
    secrets: SecretNames = Field(default=(), description="Names of secrets; never their values.")
    variables: Variables = Field(default={}, description="Values that every flow can use.")
    tolerate: Tolerate = Field(default=Tolerate.model_construct(), description="Known noise.")
    dismiss: Targets = Field(default=(), description="Clicked whenever it is in the way, such as a cookie banner.")
    mask: Targets = Field(default=(), description="Painted over in every picture.")
    viewport: Size = Field(default="1280x720", description="The size of the page in CSS pixels.")
    browser: Browsing | None = Field(default=None, description="How the browser of every flow is set up.")
    timeout: Seconds | None = Field(default=None, description="How long any step may take.")
    visual: VisualSetting | None = Field(default=None, description="Whether pictures may differ from approved ones.")
    flows: Annotated[dict[Name, Flow], Field(min_length=1)] = Field(description="The flows by their names.")
