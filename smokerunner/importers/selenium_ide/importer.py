"""The importer of Selenium IDE projects."""

from __future__ import annotations

from smokerunner.authoring.act import Draft, Remark
from smokerunner.authoring.tidy import flow_name
from smokerunner.importers.importer import Imported
from smokerunner.importers.selenium_ide.blocks import blocks_of, finish, tell
from smokerunner.importers.selenium_ide.project import is_project, read_project
from smokerunner.importers.selenium_ide.secrecy import without_secrets
from smokerunner.importers.selenium_ide.telling import Telling
from smokerunner.model.errors import BadInput, Problem


class SeleniumIde:
    """A Selenium IDE project, a `.side` file: every test becomes a flow, every suite a tag."""

    name = "Selenium IDE"

    def recognises(self, text: str) -> bool:
        """Whether the text is a Selenium IDE project."""
        return is_project(text)

    def read(self, text: str, path: str) -> Imported:
        """All tests of a project as drafts; raises BadInput with every place that is wrong."""
        project = read_project(text, path)
        if not any(test.commands for test in project.tests):
            raise BadInput([Problem(path, 0, 0, "no test of this project has a command")])
        flows = {test.name: flow_name(test.name) for test in project.tests}
        remarks = []
        drafts = []
        if project.plugins:
            says = "what they add is not known here; their commands become todo steps"
            remarks.append(Remark(path, f"{project.plugins} plugins", says))
        for test in project.tests:
            if not test.commands:
                remarks.append(Remark(path, f'test "{test.name}"', "it has no commands; it is left out"))
                continue
            telling = Telling(test, flows)
            tell(telling, blocks_of(test.commands))
            finish(telling)
            acts, variables = without_secrets(telling.acts, telling.variables)
            drafts.append(
                Draft(
                    test.name,
                    acts,
                    title=test.name,
                    tags=test.suites,
                    base_url=project.url,
                    variables=variables,
                )
            )
            remarks += telling.remarks
        return Imported(tuple(drafts), tuple(remarks))
