"""The command line: the only room that imports click and rich."""

from __future__ import annotations


def main() -> None:
    """The program: run a command and leave with its exit code."""
    from smokerunner.cli.program import run

    run()
