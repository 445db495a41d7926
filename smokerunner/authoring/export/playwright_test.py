"""A module as TypeScript for @playwright/test."""

from __future__ import annotations

import re

from smokerunner.authoring.export.playwright_test_code import PlaywrightTestCode, quoted
from smokerunner.authoring.export.playwright_test_helpers import HELPERS, NEEDS, OPEN_PAGE, TYPES
from smokerunner.authoring.export.printing import camel, free_names, heading
from smokerunner.authoring.export.tree import Course, Module

_WORDS = (
    "arguments async await break case catch class const continue debugger default delete do else enum eval export "
    "extends false finally for function if implements import in instanceof interface let new null package private "
    "protected public return static super switch this throw true try typeof var void while with yield undefined"
)
_TAKEN = {
    "browser", "page", "values", "expect", "test", "base", "responses", "console", "messages", "downloads", "answer",
    "popup", "download", "mail", "inner", "chooser", "said", "state", "process", "path", "fs", "open_page", "use",
    "new_values", *_WORDS.split(), *HELPERS,
}  # fmt: skip


def print_playwright_test(module: Module) -> str:
    """The source text of a `.spec.ts` file."""
    return _PlaywrightTest(module).text()


class _PlaywrightTest:
    """One module while it is printed."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._courses = {course.name: course for course in module.courses}
        self._flows = {name: camel(free) for name, free in free_names(self._courses, _TAKEN).items()}
        variables = free_names(module.variables, ("unique",))
        self._code = PlaywrightTestCode(self._flows, variables)

    def text(self) -> str:
        """All of it; what comes first is known last."""
        for course in self._module.courses:
            self._functions(course)
        if self._module.left:
            self._fixtures()
        for name in self._module.selected:
            self._test(self._courses[name])
        body = "\n".join(self._code.page.lines)
        frame = [self._open_page(), self._new_values()]
        called = {*self._code.page.helpers}
        while more := {other for name in called for other in NEEDS.get(name, ())} - called:
            called |= more
        parts = [*frame, *(text for name, text in HELPERS.items() if name in called), body]
        code = "\n\n".join(part.strip("\n") for part in parts)
        imports = _imports(code, fixtures=bool(self._module.left))
        return f"{self._comment()}\n{imports}\n{self._constants(code)}\n\n{code}\n"

    def _comment(self) -> str:
        said = [*heading(self._module), "", "Run it with `npx playwright test`; it needs the package @playwright/test."]
        lines = "\n".join(f" * {line}".rstrip() for line in said).replace("*/", "* /")
        return f"/**\n{lines}\n */"

    def _constants(self, code: str) -> str:
        module = self._module
        width, height = module.viewport
        lines = [f"const BASE_URL = (process.env.SMOKE_BASE_URL ?? {quoted(module.base_url)}).replace(/\\/$/, '');"]
        lines += [f"const {name} = required({quoted(name)});" for name in module.secrets if _named(name, code)]
        if _named("FILES", code):
            lines.append("const FILES = process.env.SMOKE_FILES ?? __dirname;")
        if _named("RUN_ID", code):
            lines.append("const RUN_ID = Math.random().toString(36).slice(2, 12);")
        if _named("TOLERATED", code):
            tolerated = ", ".join(self._code.expr(pattern) for pattern in module.tolerated)
            lines.append(f"const TOLERATED: RegExp[] = [{tolerated}];")
        lines += [
            "const expect = plainExpect.configure({ timeout: 10_000 });",
            "type Values = Record<string, string>;",
            "type State = Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>;",
        ]
        if self._module.left:
            lines.append("type Left = { page: Page; values: Values };")
        if _named("Said", code):
            lines.append("type Said = { type: string; text: string; url: string };")
        lines += [
            "",
            f"{'base' if self._module.left else 'test'}.use({{",
            "  baseURL: BASE_URL,",
            f"  viewport: {{ width: {width}, height: {height} }},",
            "  actionTimeout: 10_000,",
            "  navigationTimeout: 30_000,",
            "  // Chromium other than Playwright's own; as root it has no sandbox.",
            "  launchOptions: {",
            "    executablePath: process.env.SMOKE_BROWSER,",
            "    chromiumSandbox: process.getuid?.() !== 0,",
            "  },",
            "});",
            f"{'base' if self._module.left else 'test'}.setTimeout(180_000);",
        ]
        if any(_named(name, code) for name in module.secrets):
            lines += ["", *_REQUIRED]
        return "\n".join(lines)

    def _open_page(self) -> str:
        handlers = "".join(
            f"  await page.addLocatorHandler({self._code.expr(target)}, async found => await found.click());\n"
            for target in self._module.dismissed
        )
        return OPEN_PAGE.replace("HANDLERS", handlers)

    def _new_values(self) -> str:
        lines = [
            "/** The variables of one flow: fresh ones, and over them what the flows that it needs have left. */",
            "function newValues(...earlier: Values[]): Values {",
            "  const values: Values = { unique: Math.random().toString(36).slice(2, 12) };",
        ]
        lines += [f"  values.{self._code.variable(n)} = {self._code.expr(value)};" for n, value in self._module.shared]
        lines += ["  return Object.assign({}, values, ...earlier, { unique: values.unique });", "}"]
        return "\n".join(lines)

    # --- Flows -------------------------------------------------------------------------------------

    def _functions(self, course: Course) -> None:
        name, page = self._flows[course.name], self._code.page
        page.add("", _comment(course.title or course.name))
        page.add(f"async function {name}(page: Page, values: Values) {{")
        with page.deeper():
            self._code.block(course.steps)
        page.add("}")
        if course.cleanup:
            page.add("", _comment(f"Removes what {course.name} has left."))
            page.add(f"async function {_cleaning(name)}(page: Page, values: Values) {{")
            with page.deeper():
                self._code.block(course.cleanup)
            page.add("}")

    def _fixtures(self) -> None:
        page = self._code.page
        names = [self._flows[name] for name in self._module.left]
        page.add("", f"const test = base.extend<{{ {'; '.join(f'{_after(name)}: Left' for name in names)} }}>({{")
        with page.deeper():
            for name in self._module.left:
                course = self._courses[name]
                page.add(_comment(f"The page and the variables as {name} leaves them."))
                page.add(f"{_after(self._flows[name])}: async ({self._given(course)}, use) => {{")
                with page.deeper():
                    self._run(course, "await use({ page, values });")
                page.add("},")
        page.add("});")

    def _test(self, course: Course) -> None:
        page = self._code.page
        said = f"{course.name}: {course.title}" if course.title else course.name
        page.add("", f"test({quoted(said)}, async ({self._given(course)}) => {{")
        with page.deeper():
            self._run(course, "")
        page.add("});")

    def _given(self, course: Course) -> str:
        return f"{{ {', '.join(['browser', *(_after(self._flows[name]) for name in course.requires)])} }}"

    def _run(self, course: Course, then: str) -> None:
        """The flow in a page of its own, and its cleanup whatever happens."""
        page, code, name = self._code.page, self._code, self._flows[course.name]
        earlier = ", ".join(f"{_after(self._flows[other])}.values" for other in course.requires)
        page.add(f"const values = newValues({earlier});")
        for variable, value in course.own:
            page.add(f"values.{code.variable(variable)} = {code.expr(value)};")
        state = ""
        if course.starts_from is not None:
            left = f"{_after(self._flows[course.starts_from])}.page"
            page.add(f"const state = await {left}.context().storageState({{ indexedDB: true }});")
            state = ", state"
        page.add(f"const page = await openPage(browser{state});")
        page.add("try {")
        with page.deeper():
            page.add(f"await {name}(page, values);", *([then] if then else []))
        page.add("} finally {")
        with page.deeper():
            if course.cleanup:
                page.add(f"await {_cleaning(name)}(page, values);")
            page.add("await page.context().close();")
        page.add("}")


_REQUIRED = (
    "/** A variable of the environment that must be there. */",
    "function required(name: string) {",
    "  const value = process.env[name];",
    "  if (!value) throw new Error(`set ${name} in the environment`);",
    "  return value;",
    "}",
)


def _after(name: str) -> str:
    return f"after{name[0].upper()}{name[1:]}"


def _cleaning(name: str) -> str:
    return f"cleanUp{name[0].upper()}{name[1:]}"


def _comment(text: str) -> str:
    return f"/** {text.replace('*/', '* /')} */"


def _named(name: str, code: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", code) is not None


def _imports(code: str, *, fixtures: bool) -> str:
    """The import lines for the names that stand in the code."""
    lines = [f"import {name} from 'node:{name}';" for name in ("fs", "path") if re.search(rf"\b{name}\.", code)]
    types = [f"type {name}" for name in TYPES if _named(name, code)]
    names = ["expect as plainExpect", "test as base" if fixtures else "test", *types]
    lines.append("import {\n" + "".join(f"  {name},\n" for name in names) + "} from '@playwright/test';")
    return "\n".join(lines) + "\n"
