"""A module as Python: pytest, and Playwright's plain sync API."""

from __future__ import annotations

import keyword
import re

from smokerunner.authoring.export.printing import free_names, heading
from smokerunner.authoring.export.python_code import WIDTH, PythonCode, quoted
from smokerunner.authoring.export.python_helpers import BROWSER, HELPERS, IMPORTS, NEEDS, OPEN_PAGE, PLAYWRIGHT
from smokerunner.authoring.export.tree import Course, Module

_TAKEN = {
    "browser", "page", "values", "expect", "new_values", "open_page", "responses", "console", "downloads", "answer",
    "popup", "download", "mail", "inner", "again", "chooser", "said", "sync_playwright", "print", *HELPERS,
    *keyword.kwlist, *keyword.softkwlist, "os", "re", "time", "json", "secrets", "warnings", "pytest", "pyotp",
}  # fmt: skip


def print_python(module: Module) -> str:
    """The source text of a pytest file."""
    return _Python(module).text()


class _Python:
    """One module while it is printed."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._courses = {course.name: course for course in module.courses}
        self._flows = free_names(self._courses, _TAKEN)
        variables = free_names(module.variables, (*keyword.kwlist, "unique"))
        self._code = PythonCode(self._flows, variables)

    def text(self) -> str:
        """All of it; what comes first is known last."""
        for course in self._module.courses:
            self._functions(course)
        for name in self._module.left:
            self._fixture(self._courses[name])
        for name in self._module.selected:
            self._test(self._courses[name])
        body = "\n".join(self._code.page.lines)
        frame = [BROWSER, self._open_page(), self._new_values()]
        called = {*self._code.page.helpers}
        called.update(other for name in self._code.page.helpers for other in NEEDS.get(name, ()))
        parts = [*frame, *(text for name, text in HELPERS.items() if name in called), body]
        code = "\n\n\n".join(part.strip("\n") for part in parts)
        constants = self._constants(code)
        head = [self._docstring(), "from __future__ import annotations", _imports(code + constants), constants]
        return "\n\n".join(head) + "\n\n\n" + code + "\n"

    def _constants(self, code: str) -> str:
        module = self._module
        lines = [f'BASE_URL = os.environ.get("SMOKE_BASE_URL", {quoted(module.base_url)}).rstrip("/")']
        lines += [f"{name} = os.environ[{quoted(name)}]" for name in module.secrets if _named(name, code)]
        if _named("FILES", code):
            lines.append('FILES = Path(os.environ.get("SMOKE_FILES", Path(__file__).parent))')
        if _named("RUN_ID", code):
            lines.append("RUN_ID = secrets.token_hex(8)")
        if _named("TOLERATED", code):
            tolerated = ", ".join(self._code.expr(pattern) for pattern in module.tolerated)
            lines.append(f"TOLERATED: list[re.Pattern[str]] = [{tolerated}]")
        if self._module.left:
            lines.append("Left = tuple[Page, SimpleNamespace]")
        return "\n".join([*lines, "expect.set_options(timeout=10_000)"])

    def _docstring(self) -> str:
        said = [*heading(self._module), "", "Run it with pytest; it needs the packages pytest and playwright."]
        text = "\n".join(said).replace("\\", "\\\\").replace('"""', "'''")
        return f'"""{text}\n"""'

    def _open_page(self) -> str:
        width, height = self._module.viewport
        handlers = "".join(
            f"        page.add_locator_handler({self._code.expr(target)}, lambda found: found.click())\n"
            for target in self._module.dismissed
        )
        return OPEN_PAGE.replace("WIDTH", str(width)).replace("HEIGHT", str(height)).replace("HANDLERS", handlers)

    def _new_values(self) -> str:
        lines = [
            "def new_values(*earlier: SimpleNamespace) -> SimpleNamespace:",
            '    """The variables of one flow: fresh ones, and over them what the flows that it needs have left."""',
            "    values = SimpleNamespace(unique=secrets.token_hex(5))",
        ]
        for name, value in self._module.shared:
            lines.append(f"    values.{self._code.variable(name)} = {self._code.expr(value)}")
        lines += [
            "    for left in earlier:",
            '        vars(values).update({name: value for name, value in vars(left).items() if name != "unique"})',
            "    return values",
        ]
        return "\n".join(lines)

    # --- Flows -------------------------------------------------------------------------------------

    def _functions(self, course: Course) -> None:
        name, page = self._flows[course.name], self._code.page
        page.add("", "", f"def {name}(page: Page, values: SimpleNamespace) -> None:")
        with page.deeper():
            page.add(_docline(course.title or course.name))
            self._code.block(course.steps)
        if course.cleanup:
            page.add("", "", f"def clean_up_{name}(page: Page, values: SimpleNamespace) -> None:")
            with page.deeper():
                page.add(_docline(f"Removes what {course.name} has left."))
                self._code.block(course.cleanup)

    def _fixture(self, course: Course) -> None:
        name, page = self._flows[course.name], self._code.page
        given = "".join(f", after_{self._flows[other]}: Left" for other in course.requires)
        page.add("", "", "@pytest.fixture")
        self._code.line(f"def after_{name}(browser: Browser{given}) -> Iterator[Left]:")
        with page.deeper():
            page.add(_docline(f"The page and the variables as {course.name} leaves them."))
            self._run(course, "yield page, values")

    def _test(self, course: Course) -> None:
        name, page = self._flows[course.name], self._code.page
        given = "".join(f", after_{self._flows[other]}: Left" for other in course.requires)
        page.add("", "")
        self._code.line(f"def test_{name}(browser: Browser{given}) -> None:")
        with page.deeper():
            page.add(_docline(course.title or course.name))
            self._run(course, "")

    def _run(self, course: Course, then: str) -> None:
        """The flow in a page of its own, and its cleanup whatever happens."""
        page, code, name = self._code.page, self._code, self._flows[course.name]
        page.add(f"values = new_values({', '.join(f'after_{self._flows[other]}[1]' for other in course.requires)})")
        for variable, value in course.own:
            page.add(f"values.{code.variable(variable)} = {code.expr(value)}")
        state = ""
        if course.starts_from is not None:
            left = f"after_{self._flows[course.starts_from]}[0]"
            page.add(f"state = {left}.context.storage_state(indexed_db=True)")
            state = ", state"
        page.add(f"with open_page(browser{state}) as page:")
        with page.deeper():
            body = [f"{name}(page, values)", *([then] if then else [])]
            if not course.cleanup:
                page.add(*body)
                return
            page.add("try:")
            with page.deeper():
                page.add(*body)
            page.add("finally:")
            with page.deeper():
                page.add(f"clean_up_{name}(page, values)")


def _docline(text: str) -> str:
    said = text.replace("\\", "\\\\").replace('"""', "'''")
    # A quotation mark before the closing ones would end the string too early.
    return f'"""{said}{" " if said.endswith(chr(34)) else ""}"""'


def _named(name: str, code: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", code) is not None


def _imports(code: str) -> str:
    """The import lines for the names that stand in the code."""
    lines = []
    for line in IMPORTS:
        origin, _, given = line.rpartition("import ")
        used = [name for name in given.split(", ") if re.search(rf"\b{name}\b" + ("" if origin else r"\."), code)]
        if used:
            lines.append(f"{origin}import {', '.join(used)}")
    names = [*(name for name in PLAYWRIGHT if _named(name, code)), "expect", "sync_playwright"]
    playwright = f"from playwright.sync_api import {', '.join(names)}"
    if len(playwright) > WIDTH:
        inside = "".join(f"    {name},\n" for name in names)
        playwright = f"from playwright.sync_api import (\n{inside})"
    third = [*(["import pyotp"] if "pyotp." in code else []), "import pytest", playwright]
    return "\n".join(lines) + "\n\n" + "\n".join(third)
