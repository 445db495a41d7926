"""The `checks` of an environment: which are asked, with which settings, of which hosts, and how fast."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SerializeAsAny,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic import ValidationError as PydanticError
from pydantic_core import InitErrorDetails, PydanticCustomError

from smokerunner.model.check import Check
from smokerunner.model.duration import Seconds
from smokerunner.model.flow import Host, Name
from smokerunner.model.frozen import Frozen, complaint
from smokerunner.model.severity import Severity
from smokerunner.model.step import describe
from smokerunner.model.template import Template

Kinds = Mapping[str, type[Check]]
"""Every check by its id; those of a family under `family.*`."""
_ON = ("on", "yes", "true")
_OFF = ("off", "no", "false")


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def _address(text: str) -> str:
    """The address of a name server, with or without its port."""
    found = re.fullmatch(_RESOLVER, text)
    try:
        if found is None or int(found["port"] or 53) > 65_535:
            raise ValueError
        ipaddress.ip_address(found["four"] or found["six"])
    except ValueError:
        raise ValueError(f"'{text}' is not a name server; write its address, as 10.0.0.53 or [fd00::53]:5353") from None
    return text


def _one_host(host: str) -> str:
    if "*" in host:
        raise ValueError(f"'{host}' cannot be asked; name each host")
    return host


_RESOLVER = r"(?:(?P<four>[0-9.]+)|\[(?P<six>[0-9A-Fa-f:.]+)\])(?::(?P<port>[0-9]{1,5}))?"
"""The address of a name server and, perhaps, its port."""
_RESOLVER_OF_SCHEMA = r"^([0-9.]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$"


class Limits(Frozen):
    """How fast an app may be asked, for each host."""

    per_second: Annotated[float, Field(gt=0, le=1000)] = Field(default=20.0, description="Requests a second.")
    at_once: Annotated[int, Field(ge=1, le=64)] = Field(default=4, description="Requests at the same time.")


class ServerSettings(Frozen):
    """The machine that the app runs on, for checks that run commands there."""

    ssh: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.][A-Za-z0-9@_.:-]*$")] | None = Field(
        default=None, description="As in `ssh deploy@shop.example`; without it commands run on this machine."
    )
    folder: Template | None = Field(default=None, description="Where the app lies there: the folder commands run in.")
    php: Annotated[tuple[Template, ...], BeforeValidator(_many)] = Field(
        default=(Template("php"),), description="The program that runs artisan."
    )
    timeout: Seconds = Field(default=30.0, description="How long a command may take.")


class Checks(Frozen):
    """What is asked beside the flows. Beside the keys named here stand the checks by their ids."""

    preset: Annotated[tuple[Name, ...], BeforeValidator(_many)] = Field(
        default=(), description="Turns on all checks that fit: any, laravel, wordpress, django, rails."
    )
    hosts: Annotated[tuple[Annotated[Host, AfterValidator(_one_host)], ...], BeforeValidator(_many)] = Field(
        default=(), description="Other hosts of the app, such as www.shop.example; they are asked as well."
    )
    resolvers: Annotated[
        tuple[
            Annotated[
                str, AfterValidator(_address), WithJsonSchema({"type": "string", "pattern": _RESOLVER_OF_SCHEMA})
            ],
            ...,
        ],
        BeforeValidator(_many),
    ] = Field(default=(), description="address:port of the name servers that know the hosts; by default the system's.")
    warn_below: Severity | None = Field(
        default=None, description="A failure that means less than this is told as `warned`: no reason to roll back."
    )
    limits: Limits = Field(default=Limits.model_construct(), description="How fast the app may be asked.")
    server: ServerSettings | None = Field(default=None, description="Where commands of the app are run.")
    asked: dict[str, SerializeAsAny[Check]] = Field(default={}, exclude=True, description="The checks that are set.")
    off: tuple[str, ...] = Field(default=(), exclude=True, description="Ids that no preset turns on.")

    @model_validator(mode="before")
    @classmethod
    def _sort(cls, value: Any, info: ValidationInfo) -> Any:
        """Read each check with the class of its id; the classes come with the validation context."""
        if not isinstance(value, dict):
            return value
        context = info.context or {}
        kinds: Kinds = context.get("checks", {})
        presets: Iterable[str] = context.get("presets", ())
        own = {key: item for key, item in value.items() if key in OWN}
        errors: list[InitErrorDetails] = []
        asked: dict[str, Check] = {}
        off: list[str] = []
        for id_, setting in value.items():
            if id_ in OWN:
                continue
            try:
                check = _read(id_, setting, kinds, info)
            except PydanticError as wrong:
                errors += _below(wrong)
                continue
            if check is None:
                off.append(id_)
            else:
                asked[id_] = check
        wanted = own.get("preset", ())
        for index, name in enumerate(wanted if isinstance(wanted, list) else [wanted] if wanted else []):
            if name not in presets:
                place = ("preset", index) if isinstance(wanted, list) else ("preset",)
                said = f"no preset called '{name}'{_nearest(str(name), presets)}"
                errors += _below(complaint(said, *place))
        if errors:
            raise PydanticError.from_exception_data("checks", errors)
        return {**own, "asked": asked, "off": tuple(off)}


OWN = ("preset", "hosts", "warn_below", "resolvers", "limits", "server")
"""The keys of `checks` that are no checks."""


def _read(id_: str, setting: Any, kinds: Kinds, info: ValidationInfo) -> Check | None:
    """One check with its settings; None when it is switched off."""
    kind = kind_of(id_, kinds)
    if kind is None and "*" in id_:
        raise complaint(f"'{id_}': write each check's own id; patterns are for --check alone", id_, at_key=True)
    if kind is None:
        raise complaint(f"no check called '{id_}'{_nearest(id_, [*kinds, *OWN])}", id_, at_key=True)
    if isinstance(setting, str) and setting.lower() in _OFF:
        return None
    if isinstance(setting, str) and setting.lower() in _ON:
        setting = {}
    if not isinstance(setting, dict):
        raise complaint(f"a check is on, off, or a mapping of its settings, not {describe(setting)}", id_)
    try:
        return kind.model_validate(setting, context=info.context)
    except PydanticError as wrong:
        raise PydanticError.from_exception_data("check", _below(wrong, id_)) from wrong


def kind_of(id_: str, kinds: Kinds) -> type[Check] | None:
    """The class that a check of this id is read with: its own, or that of its family; None when there is none."""
    if id_.endswith("*"):
        return None
    if id_ in kinds:
        return kinds[id_]
    family, dot, name = id_.rpartition(".")
    return kinds.get(f"{family}.*") if dot and name else None


def _below(wrong: PydanticError, *place: str | int) -> list[InitErrorDetails]:
    """The same complaints, further down."""
    return [
        InitErrorDetails(
            type=PydanticCustomError(error["type"], "{reason}", error["ctx"])
            if error["type"] in ("our_key", "our_value")
            else error["type"],
            loc=(*place, *error["loc"]),
            input=error["input"],
            ctx=error.get("ctx", {}),
        )
        for error in wrong.errors(include_url=False)
    ]


def _nearest(word: str, words: Iterable[str]) -> str:
    words = list(words)
    # Only for what was misspelt: it takes longer to import than to use.
    import difflib

    near = difflib.get_close_matches(word, words, 1, 0.6)
    if near:
        return f", did you mean '{near[0]}'?"
    return f"; there are {', '.join(words)}" if len(words) < 12 else "; `smokerunner list --checks` names them all"
