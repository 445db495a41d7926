"""Selenium IDE projects."""

from smokerunner.importers.selenium_ide.importer import SeleniumIde
from smokerunner.importers.selenium_ide.table import COMMANDS

__all__ = ["COMMANDS", "SeleniumIde"]
