"""What the browser keeps: cookies and web storage."""

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from smokerunner.model.errors import Unavailable
from smokerunner.model.flag import Yes
from smokerunner.model.frozen import Frozen
from smokerunner.model.kind import Kind
from smokerunner.model.step import Seen, Step
from smokerunner.model.template import Template

if TYPE_CHECKING:
    from smokerunner.model.context import Context


class CookieChange(Frozen):
    """Cookies of the app's host to set, by name, and which to forget."""

    set: dict[str, Template] = Field(default={}, description="Cookies to set: name: value.")
    remove: tuple[Template, ...] = Field(default=(), description="Names of cookies to forget.")
    clear: Yes | None = Field(default=None, description="Forget all first.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("cookies needs set, remove or clear")
        return self

    def __str__(self) -> str:
        return _words(self.set, self.remove, self.clear)


class Cookies(Step):
    """Set or forget cookies of the app's host.

    Example: `cookies: {set: {consent: all}}`
    """

    action: ClassVar[str] = "cookies"
    spends: ClassVar[Kind] = Kind.ACTING
    cookies: CookieChange

    async def run(self, context: "Context") -> Seen:
        """Change them; the page is not loaded again."""
        browser = context.page.raw.context
        base = urlsplit(context.base_url)
        if self.cookies.clear:
            await browser.clear_cookies()
        for name in self.cookies.remove:
            await browser.clear_cookies(name=name)
        if self.cookies.set:
            origin = f"{base.scheme}://{base.netloc}"
            await browser.add_cookies(
                [{"name": name, "value": value, "url": origin} for name, value in self.cookies.set.items()]
            )
        return Seen()


class StorageChange(Frozen):
    """Web storage of the page's origin to set, and which keys to forget."""

    area: Literal["local", "session"] = Field(default="local", description="localStorage or sessionStorage.")
    set: dict[str, Template] = Field(default={}, description="Keys to set: key: value.")
    remove: tuple[Template, ...] = Field(default=(), description="Keys to forget.")
    clear: Yes | None = Field(default=None, description="Forget all first.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set - {"area"}:
            raise ValueError("storage needs set, remove or clear")
        return self

    def __str__(self) -> str:
        return f"{self.area} {_words(self.set, self.remove, self.clear)}"


class Storage(Step):
    """Set or forget local or session storage of the page that is shown.

    Example: `storage: {set: {tour: done}}`
    """

    action: ClassVar[str] = "storage"
    spends: ClassVar[Kind] = Kind.ACTING
    storage: StorageChange

    async def run(self, context: "Context") -> Seen:
        """Change it in the page; the page is not loaded again."""
        if not context.page.url.startswith(("http:", "https:")):
            raise Unavailable("storage belongs to a page, and none is open yet; `goto` one first")
        change: dict[str, Any] = {
            "area": f"{self.storage.area}Storage",
            "set": {key: str(value) for key, value in self.storage.set.items()},
            "remove": [str(key) for key in self.storage.remove],
            "clear": bool(self.storage.clear),
        }
        await context.page.raw.evaluate(
            """change => {
                const area = window[change.area];
                if (change.clear) area.clear();
                for (const key of change.remove) area.removeItem(key);
                for (const [key, value] of Object.entries(change.set)) area.setItem(key, value);
            }""",
            change,
        )
        return Seen()


def _words(given: dict[str, Template], removed: tuple[Template, ...], clear: bool | None) -> str:
    said = ["clear"] if clear else []
    said += [f"remove {', '.join(removed)}"] if removed else []
    said += [f"set {', '.join(given)}"] if given else []
    return " ".join(said)
