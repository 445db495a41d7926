"""Playwright codegen: its JSONL recordings, and the Python and JavaScript scripts that it prints."""

from smokerunner.importers.playwright_codegen.importer import COMMANDS, PlaywrightCodegen

__all__ = ["COMMANDS", "PlaywrightCodegen"]
