"""`smokerunner lint`."""

from __future__ import annotations

import click

from smokerunner.cli.options import flow_paths
from smokerunner.model.errors import BadInput, Problem
from smokerunner.model.outcome import ExitCode


@click.command("lint")
@click.argument("what", nargs=-1, metavar="[APP|FILE]...")
@click.option("--fix", is_flag=True, help="Fix what is safe to fix.")
@click.option(
    "--ignore", "ignored", multiple=True, metavar="RULE", help="Leave out a rule; may be given several times."
)
@click.option("--var", "variables", multiple=True, metavar="NAME", help="A variable that the run will be given.")
@click.option("--rules", "list_rules", is_flag=True, help="Only list the rules.")
def command(
    what: tuple[str, ...], *, fix: bool, ignored: tuple[str, ...], variables: tuple[str, ...], list_rules: bool
) -> int:
    """Say what is valid but unwise in flow files, by default all of flows/.

    Exit 0 when there is nothing, or only infos; 3 when there are warnings. `# lint: ignore RULE` in a comment on the
    line of a step, or above it, silences a rule there.
    """
    from smokerunner.authoring.lint.catalogue import RULES
    from smokerunner.authoring.lint.linting import Notice, chosen, lint
    from smokerunner.authoring.lint.linting import fix as fix_file
    from smokerunner.language.files import flow_files

    if list_rules:
        for rule in RULES:
            extra = " (info)" if rule.level == "info" else " (--fix)" if rule.fixes else ""
            click.echo(f"{rule.id:<17} {rule.about}{extra}")
        return ExitCode.OK
    chosen(ignored)
    problems: list[Problem] = []
    notices: list[Notice] = []
    fixed = 0
    files = flow_files(flow_paths(what))
    for path in files:
        try:
            fixed += fix_file(path, ignored=ignored, given=variables) if fix else 0
            notices += lint(path, ignored=ignored, given=variables)
        except BadInput as wrong:
            problems += wrong.problems
    for notice in notices:
        click.echo(str(notice))
    if fix:
        click.echo(f"{fixed} fixed")
    if problems:
        raise BadInput(problems)
    warnings = sum(notice.rule.level == "warning" for notice in notices)
    if not notices:
        click.echo(f"{len(files)} {'file is' if len(files) == 1 else 'files are'} clean")
    return ExitCode.CANNOT_TELL if warnings else ExitCode.OK
