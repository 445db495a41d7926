"""How an element is named: exactly one finder, narrowed by where it stands and what it holds."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from smokerunner.model.frozen import Frozen, complaint, exactly_one
from smokerunner.model.matcher import Matcher
from smokerunner.model.template import Template

# Written short as `button: Save`; every other ARIA role is written `role: …` with `name: …`.
SHORT_ROLES = (
    "alert", "article", "button", "cell", "checkbox", "columnheader", "combobox", "dialog", "form", "heading",
    "img", "link", "list", "listitem", "main", "menu", "menuitem", "navigation", "option", "radio", "region", "row",
    "searchbox", "slider", "status", "switch", "tab", "table", "tabpanel", "textbox",
)  # fmt: skip
_BY_TEXT = ("label", "placeholder", "text", "test_id", "alt", "title")
FINDERS = (*SHORT_ROLES, "role", *_BY_TEXT, "css", "xpath")


def _position(value: Any) -> Any:
    if value in ("first", "last"):
        return value
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = 0
    if number < 1:
        raise ValueError(f"{value!r} is not a position; write first, last or a number from 1")
    return number


Position = Annotated[
    int | Literal["first", "last"],
    BeforeValidator(_position),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": ["first", "last"]},
                {"type": "integer", "minimum": 1},
                {"type": "string", "pattern": r"^[1-9]\d*$"},
            ]
        }
    ),
]


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def _describe_finders(schema: dict[str, Any]) -> None:
    for role in SHORT_ROLES:
        schema["properties"][role]["description"] = f"An element of the role {role}, by its accessible name."
    exactly_one(*FINDERS, alone=("role",), beside=("name",))(schema)


class Target(Frozen):
    """An element, found the way a person or a screen reader would name it."""

    model_config = ConfigDict(json_schema_extra=_describe_finders, defer_build=False)

    alert: Matcher | None = None
    article: Matcher | None = None
    button: Matcher | None = None
    cell: Matcher | None = None
    checkbox: Matcher | None = None
    columnheader: Matcher | None = None
    combobox: Matcher | None = None
    dialog: Matcher | None = None
    form: Matcher | None = None
    heading: Matcher | None = None
    img: Matcher | None = None
    link: Matcher | None = None
    list: Matcher | None = None
    listitem: Matcher | None = None
    main: Matcher | None = None
    menu: Matcher | None = None
    menuitem: Matcher | None = None
    navigation: Matcher | None = None
    option: Matcher | None = None
    radio: Matcher | None = None
    region: Matcher | None = None
    row: Matcher | None = None
    searchbox: Matcher | None = None
    slider: Matcher | None = None
    status: Matcher | None = None
    switch: Matcher | None = None
    tab: Matcher | None = None
    table: Matcher | None = None
    tabpanel: Matcher | None = None
    textbox: Matcher | None = None
    role: Template | None = Field(default=None, description="Any other ARIA role; its accessible name is `name`.")
    name: Matcher | None = Field(default=None, description="The accessible name that goes with `role`.")
    label: Matcher | None = Field(default=None, description="A form field by its label.")
    placeholder: Matcher | None = Field(default=None, description="A form field by its placeholder.")
    text: Matcher | None = Field(default=None, description="An element by the text it shows.")
    test_id: Matcher | None = Field(default=None, description="An element by its data-testid, the whole id.")
    alt: Matcher | None = Field(default=None, description="A picture by its alternative text.")
    title: Matcher | None = Field(default=None, description="An element by its title attribute.")
    css: Template | None = Field(default=None, description="A CSS selector, when nothing a person sees will do.")
    xpath: Template | None = Field(default=None, description="An XPath, when nothing else will do.")
    within: "Target | None" = Field(default=None, description="Only inside this element.")
    frame: "Target | None" = Field(default=None, description="Inside this iframe.")
    has: "Target | None" = Field(default=None, description="Only if this element is inside it.")
    has_text: Matcher | None = Field(default=None, description="Only if it shows this text somewhere inside.")
    nth: Position | None = Field(default=None, description="Which of several: first, last or a number from 1.")
    fallbacks: "Annotated[tuple[Target, ...], BeforeValidator(_many)]" = Field(
        default=(), description="Tried in order after a short grace; a used one makes the step `warned`."
    )

    @model_validator(mode="before")
    @classmethod
    def _one_finder(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise ValueError(f"a target is a mapping such as {{button: {value}}} or {{text: {value}}}, not plain text")
        if isinstance(value, dict):
            given = [key for key in value if key in FINDERS]
            if len(given) > 1:
                raise complaint(
                    f"a target has exactly one finder; '{given[1]}' stands beside '{given[0]}'",
                    given[1],
                    at_key=True,
                )
            if not given and all(key in cls.model_fields for key in value):
                raise ValueError("a target needs one finder, such as button, link, label, text, test_id or css")
            if "name" in value and "role" not in value:
                raise complaint("'name' goes only with 'role'", "name", at_key=True)
        return value

    @property
    def finder(self) -> str:
        """Which of the finders this target uses."""
        return next(name for name in FINDERS if getattr(self, name) is not None)

    @property
    def finds(self) -> Matcher | str:
        """What the finder looks for: a matcher, or the selector itself for css and xpath."""
        found: Matcher | str = getattr(self, self.finder)
        return found

    @property
    def label_text(self) -> str:
        """A word or two for file names: what a person would call it."""
        found = self.name.text if self.role is not None and self.name is not None else None
        if found is None:
            found = self.finds.text if isinstance(self.finds, Matcher) else str(self.finds)
        return found or self.finder

    @property
    def alone(self) -> "Target":
        """This target without its fallbacks."""
        return self.model_copy(update={"fallbacks": ()}) if self.fallbacks else self

    def renamed(self, name: str) -> "Target | None":
        """The same target, alone, with another accessible name, as exact as before; None if it goes by no name."""
        field = "name" if self.role is not None else self.finder
        old = getattr(self, field)
        if field not in (*SHORT_ROLES, "name") or not isinstance(old, Matcher):
            return None
        text = Template(name.replace("${", "$${"))
        made = Matcher.model_validate({"is": text} if old.is_exact else text)
        return self.alone.model_copy(update={field: made})

    def __str__(self) -> str:
        if self.role is not None:
            said = f"{self.role} {self.name}" if self.name is not None else str(self.role)
        else:
            # `status: ''` is any status, whatever its name.
            said = self.finder if str(self.finds) == '""' else f"{self.finder} {self.finds}"
        for word, inner in (("within", self.within), ("in frame", self.frame), ("having", self.has)):
            if inner is not None:
                said += f" {word} {inner}"
        if self.has_text is not None:
            said += f" with text {self.has_text}"
        if self.nth is not None:
            said += f" ({self.nth})" if isinstance(self.nth, str) else f" (no. {self.nth})"
        return said


def _without_fallbacks(schema: dict[str, Any]) -> None:
    del schema["properties"]["fallbacks"]
    _describe_finders(schema)


class PlainTarget(Target):
    """A target where fallbacks make no sense: what must not be there, and what is counted."""

    model_config = ConfigDict(json_schema_extra=_without_fallbacks)

    @model_validator(mode="after")
    def _no_fallbacks(self) -> Self:
        if self.fallbacks:
            raise complaint("fallbacks are not allowed here: they would hide what is asked", "fallbacks", at_key=True)
        return self
